import type { GroupComparison, MeasuredAt, RunGroup } from '../../shared/schema/comparison.ts';
import type { RunId, RunSummary } from '../../shared/schema/run.ts';
import { meanOf, sampleDeviation } from '../metrics/spread.ts';
import { meanInterval } from '../metrics/statistics/paired-t.ts';
import { bestDevEpoch } from '../report/run-outcome.ts';
import type { CurveName, RunRecord } from '../store/run-records.ts';
import type { RunStore } from '../store/run-store.ts';
import { labelGroups } from './compare-labels.ts';
import { differingFields, pickSettings, settingsOf } from './compare-settings.ts';
import { testPairs } from './compare-tests.ts';
import { endEpoch } from './result-epoch.ts';

/** A run with the number it is compared by. */
interface MeasuredRun {
  readonly summary: RunSummary;
  readonly value: number | null;
}

const DEV_CURVES: readonly CurveName[] = [
  { split: 'dev', metric: 'accuracy' },
  { split: 'dev', metric: 'loss' },
];

/** Groups runs by everything but the seed and tests every pair of groups over the seeds they share. */
export function compareGroups(
  runs: RunStore,
  runIds: readonly RunId[],
  curve: CurveName,
  at: MeasuredAt,
): GroupComparison {
  const records = runs.getRecords(runIds);
  const values = at === 'last' ? lastValues(runs, records, curve) : bestDevValues(runs, runIds, curve);
  const bySha = new Map<string, { readonly record: RunRecord; readonly members: MeasuredRun[] }>();
  records.forEach((record, i) => {
    const key = record.summary.experimentSha256;
    const group = bySha.get(key) ?? { record, members: [] };
    group.members.push({ summary: record.summary, value: values[i] ?? null });
    bySha.set(key, group);
  });
  const found = [...bySha.values()];
  const settings = settingsOf(found.map(({ record }) => record.experiment));
  const fields = differingFields(settings);
  const picked = settings.map((one) => pickSettings(one, fields));
  const labels = labelGroups(
    found.map(({ record }) => record.summary),
    picked,
  );
  const groups = found.map(({ members }, i) => toGroup(labels[i]!, picked[i]!, newestBySeed(members)));
  return { groups, ...testPairs(groups, curve) };
}

function lastValues(runs: RunStore, records: readonly RunRecord[], curve: CurveName): (number | null)[] {
  const asked = records.map((record) => ({ id: record.summary.id, epoch: endEpoch(record) }));
  return runs.getValues(asked).map((values) => values.find((value) => isNamed(value, curve))?.value ?? null);
}

function bestDevValues(runs: RunStore, runIds: readonly RunId[], curve: CurveName): (number | null)[] {
  return runs.getCurves(runIds, [curve, ...DEV_CURVES]).map((series) => {
    const epoch = bestDevEpoch(series);
    const measured = series.find((candidate) => isNamed(candidate, curve));
    const index = epoch === null ? -1 : (measured?.epochs.lastIndexOf(epoch) ?? -1);
    return measured?.values[index] ?? null;
  });
}

function isNamed(value: CurveName, { split, metric }: CurveName): boolean {
  return value.split === split && value.metric === metric;
}

/** One run per seed, for the same seed again is no new evidence: of those with a number the one made last. */
function newestBySeed(members: readonly MeasuredRun[]): MeasuredRun[] {
  const ordered = members.toSorted(
    (a, b) =>
      Number(a.value !== null) - Number(b.value !== null) ||
      (a.summary.createdAt < b.summary.createdAt ? -1 : 1),
  );
  const bySeed = new Map(ordered.map((run) => [run.summary.seed, run]));
  return [...bySeed.values()].sort((a, b) => a.summary.seed - b.summary.seed);
}

function toGroup(label: string, settings: RunGroup['settings'], members: readonly MeasuredRun[]): RunGroup {
  const values = members.map(({ value }) => value);
  const numbers = values.filter((value) => value !== null);
  const interval = meanInterval(numbers);
  return {
    label,
    settings,
    runIds: members.map(({ summary }) => summary.id),
    seeds: members.map(({ summary }) => summary.seed),
    values,
    mean: meanOf(numbers),
    standardDeviation: sampleDeviation(numbers),
    interval: interval === null ? null : [...interval],
    count: numbers.length,
  };
}
