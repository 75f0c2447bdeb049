import type { z } from 'zod';
import { contract, type StudioHandlers } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { RunDetail, RunId } from '../../shared/schema/run.ts';
import type { InspectedNet, InspectionPlaces } from '../inspect/inspector-contract.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { InspectorPool } from './inspector-pool.ts';
import { ResultCache } from './result-cache.ts';
import { checkpointOfEpoch, finalEpoch } from './result-epoch.ts';
import type { SettingsFile } from './settings-file.ts';

/** The calls that inspector processes answer: what stored nets do, and what a net to come is fed. */
export type ResultCalls = Pick<
  StudioHandlers,
  'results.get' | 'results.field' | 'results.histograms' | 'experiments.previewBatch'
>;

export interface ResultCallSurroundings {
  readonly store: OpenStore;
  readonly settings: SettingsFile;
  /** Closed by whoever made it. */
  readonly inspectors: InspectorPool;
  readonly cacheDirectory: string;
  /** Folder of the datasets that were imported or fetched. */
  readonly datasetDirectory: string;
}

type Surroundings = ResultCallSurroundings;

function placesOf({ settings, store, cacheDirectory, datasetDirectory }: Surroundings): InspectionPlaces {
  return {
    engine: settings.get().engine,
    artifactDirectory: store.artifacts.directory,
    cacheDirectory,
    datasetDirectory,
  };
}

/** @throws StudioError `unsupported` for a run that has no net */
function refuseLab({ experiment, summary }: RunDetail): void {
  if (experiment.lab === null) return;
  throw new StudioError(
    'unsupported',
    `results: run ${summary.id} measures (${experiment.lab.kind}) and trains no net, so nothing predicts; look at its ` +
      'curves',
    { runId: summary.id },
  );
}

function netOf(detail: RunDetail, epoch: number): InspectedNet {
  const { experiment, summary, provenance, preprocessing } = detail;
  return {
    runId: summary.id,
    experiment,
    seed: summary.seed,
    checkpoint: checkpointOfEpoch(detail, epoch),
    preprocessing,
    fingerprints: provenance && {
      dataSha256: provenance.dataSha256,
      splitSha256: provenance.splitSha256,
    },
  };
}

/** Names files so that they sort by epoch. */
function resultName(kind: string, epoch: number, rest: string | number): string {
  return `${kind}-${String(epoch).padStart(6, '0')}-${rest}`;
}

/** A run and the epoch that is asked for. */
interface Asked {
  readonly detail: RunDetail;
  readonly epoch: number;
}

function find({ store }: Surroundings, params: { runId: RunId; epoch: number | null }): Asked {
  const detail = store.runs.getDetail(params.runId);
  refuseLab(detail);
  return { detail, epoch: params.epoch ?? finalEpoch(detail) };
}

const { result: fieldSchema } = contract['results.field'];
const { result: resultsSchema } = contract['results.get'];
const { result: histogramsSchema } = contract['results.histograms'];

/** The handlers; results of finished epochs are computed once and kept with the run. */
export function createResultCalls(surroundings: Surroundings): ResultCalls {
  const { inspectors, store } = surroundings;
  const cache = new ResultCache(store);
  const cached = <S extends z.ZodType>(
    { detail, epoch }: Asked,
    name: string,
    schema: S,
    ask: (about: { places: InspectionPlaces; net: InspectedNet }, topic: string) => Promise<z.output<S>>,
  ): Promise<z.output<S>> => {
    const { id } = detail.summary;
    return cache.get(id, name, schema, () =>
      ask({ places: placesOf(surroundings), net: netOf(detail, epoch) }, id),
    );
  };
  return {
    'results.get': ({ split, ...params }) => {
      const asked = find(surroundings, params);
      const { runId } = params;
      const { epoch } = asked;
      return cached(asked, resultName('results', epoch, split), resultsSchema, async (about, topic) => {
        const heads = await inspectors.call('results', { ...about, split }, topic);
        return { runId, epoch, split, heads };
      });
    },
    'results.field': ({ side, ...params }) => {
      const asked = find(surroundings, params);
      return cached(asked, resultName('field', asked.epoch, side), fieldSchema, (about, topic) =>
        inspectors.call('field', { ...about, side }, topic),
      );
    },
    'results.histograms': ({ split, ...params }) => {
      const asked = find(surroundings, params);
      return cached(asked, resultName('histograms', asked.epoch, split), histogramsSchema, (about, topic) =>
        inspectors.call('histograms', { ...about, split }, topic),
      );
    },
    'experiments.previewBatch': (params) =>
      inspectors.call(
        'previewBatch',
        { places: placesOf(surroundings), ...params },
        `preview of ${params.experiment.data.dataset}`,
      ),
  };
}
