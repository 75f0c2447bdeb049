import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { ComparedRuns } from '../../shared/schema/comparison.ts';
import type { NetRef } from '../../shared/schema/inspection.ts';
import type { RunId } from '../../shared/schema/run.ts';
import type { RunStore } from '../store/run-store.ts';
import { compareGroups } from './compare-groups.ts';
import { comparePair, type PairSide } from './compare-pair.ts';
import { readComparedSeries } from './compare-series.ts';
import { differingFields, pickSettings, settingsOf } from './compare-settings.ts';
import { endEpoch } from './result-epoch.ts';

/** The calls that set runs beside each other. */
export type CompareCalls = Pick<
  StudioHandlers,
  'compare.runs' | 'compare.series' | 'compare.groups' | 'compare.pair'
>;

export interface CompareSurroundings {
  readonly runs: RunStore;
  /** What a stored net predicts. */
  readonly resultsOf: StudioHandlers['results.get'];
}

export function createCompareCalls({ runs, resultsOf }: CompareSurroundings): CompareCalls {
  const sideOf = async (net: NetRef, split: 'train' | 'dev' | 'test'): Promise<PairSide> => {
    const [record] = runs.getRecords([net.runId]);
    return { record: record!, results: await resultsOf({ ...net, split }) };
  };
  return {
    'compare.runs': ({ runIds }) => compareRuns(runs, distinct(runIds)),
    'compare.series': ({ runIds, curves }) => readComparedSeries(runs, distinct(runIds), curves),
    'compare.groups': ({ runIds, split, metric, at }) =>
      compareGroups(runs, distinct(runIds), { split, metric }, at),
    'compare.pair': async ({ a, b, split, head }) => {
      const [ofA, ofB] = await Promise.all([sideOf(a, split), sideOf(b, split)]);
      return comparePair(ofA, ofB, head);
    },
  };
}

function distinct(runIds: readonly RunId[]): RunId[] {
  return [...new Set(runIds)];
}

/** What each run was set to where they differ, and the numbers it ended with. */
function compareRuns(runs: RunStore, runIds: readonly RunId[]): ComparedRuns {
  const records = runs.getRecords(runIds);
  const settings = settingsOf(records.map((record) => record.experiment));
  const fields = differingFields(settings);
  const ends = records.map((record) => ({ id: record.summary.id, epoch: endEpoch(record) }));
  const finals = runs
    .getValues(ends)
    .map((values) => values.map(({ split, metric, value }) => [`${split}/${metric}`, value] as const));
  return {
    runs: records.map(({ summary }, i) => ({
      summary,
      settings: pickSettings(settings[i]!, fields),
      final: Object.fromEntries(finals[i]!),
    })),
    fields,
    curves: [...new Set(finals.flatMap((final) => final.map(([name]) => name)))],
  };
}
