import type { z } from 'zod';
import { contract, type StudioHandlers } from '../../shared/ipc/contract.ts';
import type { InspectedNet, InspectionPlaces } from '../inspect/inspector-contract.ts';
import { findNet, netOf, placesOf, type AskedNet, type AskedNetSurroundings } from './asked-net.ts';
import type { InspectorPool } from './inspector-pool.ts';
import { ResultCache } from './result-cache.ts';

/** The calls that inspector processes answer: what stored nets do, and what a net to come is fed. */
export type ResultCalls = Pick<
  StudioHandlers,
  'results.get' | 'results.field' | 'results.histograms' | 'experiments.previewBatch'
>;

export interface ResultCallSurroundings extends AskedNetSurroundings {
  /** Closed by whoever made it. */
  readonly inspectors: InspectorPool;
}

/** Names files so that they sort by epoch. */
function resultName(kind: string, epoch: number, rest: string | number): string {
  return `${kind}-${String(epoch).padStart(6, '0')}-${rest}`;
}

const { result: fieldSchema } = contract['results.field'];
const { result: resultsSchema } = contract['results.get'];
const { result: histogramsSchema } = contract['results.histograms'];

/** The handlers; results of finished epochs are computed once and kept with the run. */
export function createResultCalls(surroundings: ResultCallSurroundings): ResultCalls {
  const { inspectors, store } = surroundings;
  const cache = new ResultCache(store);
  const cached = <S extends z.ZodType>(
    { detail, epoch }: AskedNet,
    name: string,
    schema: S,
    ask: (about: { places: InspectionPlaces; net: InspectedNet }, topic: string) => Promise<z.output<S>>,
  ): Promise<z.output<S>> => {
    const { id } = detail.summary;
    return cache.get(id, name, schema, () =>
      ask({ places: placesOf(surroundings), net: netOf({ detail, epoch }) }, id),
    );
  };
  return {
    'results.get': ({ split, ...params }) => {
      const asked = findNet(surroundings, params);
      const { runId } = params;
      const { epoch } = asked;
      return cached(asked, resultName('results', epoch, split), resultsSchema, async (about, topic) => {
        const heads = await inspectors.call('results', { ...about, split }, topic);
        return { runId, epoch, split, heads };
      });
    },
    'results.field': ({ side, ...params }) => {
      const asked = findNet(surroundings, params);
      return cached(asked, resultName('field', asked.epoch, side), fieldSchema, (about, topic) =>
        inspectors.call('field', { ...about, side }, topic),
      );
    },
    'results.histograms': ({ split, ...params }) => {
      const asked = findNet(surroundings, params);
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
