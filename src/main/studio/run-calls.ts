import { StudioError } from '../../shared/ipc/errors.ts';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { RunId } from '../../shared/schema/run.ts';
import { datasetInfo } from '../data/index.ts';
import { checkExperiment, summariseModel } from '../model/index.ts';
import { experimentSha256 } from './experiment-hash.ts';
import { createRunId } from './run-id.ts';
import type { RunSupervisor } from './run-supervisor.ts';
import type { SettingsFile } from './settings-file.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { Publish } from './surroundings.ts';

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

export interface RunCallSurroundings {
  readonly store: OpenStore;
  readonly supervisor: RunSupervisor;
  readonly settings: SettingsFile;
  readonly publish: Publish;
  readonly now: () => number;
}

export function createRunCalls(surroundings: RunCallSurroundings): RunCalls {
  const { store, supervisor, settings } = surroundings;
  const { runs } = store;
  return {
    'runs.start': (params) => startRun(surroundings, params),
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

function startRun(
  { store, supervisor, settings, publish, now }: RunCallSurroundings,
  params: Parameters<RunCalls['runs.start']>[0],
): { runId: RunId } {
  const { experiment, seed } = params;
  const model = checkRunnable(experiment);
  const id = createRunId(now());
  const summary = store.runs.createRun({
    id,
    experiment,
    experimentSha256: experimentSha256(experiment),
    model,
    seed,
    ownerPid: process.pid,
  });
  publish('run.changed', summary);
  const { engine } = settings.get();
  supervisor.start(id, {
    ...engine,
    choice: params.engine === 'auto' ? engine.choice : params.engine,
    threads: params.threads ?? engine.threads,
  });
  return { runId: id };
}

/** @throws StudioError 'invalid-input' with every fault in `details.issues`; nothing is stored then */
function checkRunnable(experiment: Experiment): ReturnType<typeof summariseModel> {
  const info = datasetInfo(experiment.data);
  const issues = checkExperiment(experiment, info);
  if (issues.length === 0) return summariseModel(experiment.model, info.featureShape);
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new StudioError('invalid-input', `Experiment ${experiment.name}: cannot run (${list}).`, { issues });
}

function announce({ store, publish }: RunCallSurroundings, ids: readonly RunId[]): Record<string, never> {
  for (const id of ids) publish('run.changed', store.runs.getSummary(id));
  return {};
}

async function purge({ runs, artifacts }: OpenStore): Promise<{ runs: number; freedBytes: number }> {
  const purged = runs.purge();
  let freedBytes = await artifacts.remove(purged.artifacts);
  for (const id of purged.runIds) freedBytes += await artifacts.removeRun(id);
  return { runs: purged.runIds.length, freedBytes };
}
