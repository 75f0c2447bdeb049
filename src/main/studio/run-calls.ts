import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { RunId } from '../../shared/schema/run.ts';
import type { OpenStore } from '../store/open-store.ts';
import { startRun, type RunStarterSurroundings } from './run-starter.ts';

/** The calls about single runs and the history. */
export type RunCalls = Pick<
  StudioHandlers,
  | 'runs.start'
  | 'runs.pause'
  | 'runs.resume'
  | 'runs.cancel'
  | 'runs.list'
  | 'runs.get'
  | 'runs.annotate'
  | 'runs.delete'
  | 'runs.restore'
  | 'runs.purge'
>;

export function createRunCalls(surroundings: RunStarterSurroundings): RunCalls {
  const { store, supervisor, settings } = surroundings;
  const { runs } = store;
  return {
    'runs.start': (params) => ({ runId: startRun(surroundings, params) }),
    'runs.pause': ({ runId }) => {
      supervisor.pause(runId);
      return {};
    },
    'runs.resume': ({ runId }) => {
      supervisor.resume(runId, settings.get().engine);
      return {};
    },
    'runs.cancel': ({ runId }) => {
      supervisor.cancel(runId);
      return {};
    },
    'runs.list': (query) => runs.list(query),
    'runs.get': ({ runId }) => runs.getDetail(runId),
    'runs.annotate': ({ runId, ...change }) => {
      const summary = runs.annotate(runId, change);
      surroundings.publish('run.changed', summary);
      return summary;
    },
    'runs.delete': ({ runIds }) => {
      runs.delete(runIds);
      return announce(surroundings, runIds);
    },
    'runs.restore': ({ runIds }) => {
      runs.restore(runIds);
      return announce(surroundings, runIds);
    },
    'runs.purge': () => purge(store),
  };
}

function announce({ store, publish }: RunStarterSurroundings, ids: readonly RunId[]): Record<string, never> {
  for (const id of ids) publish('run.changed', store.runs.getSummary(id));
  return {};
}

async function purge({ runs, artifacts }: OpenStore): Promise<{ runs: number; freedBytes: number }> {
  const purged = runs.purge();
  let freedBytes = await artifacts.remove(purged.artifacts);
  for (const id of purged.runIds) freedBytes += await artifacts.removeRun(id);
  return { runs: purged.runIds.length, freedBytes };
}
