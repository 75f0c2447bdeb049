import { resolveVariant } from '../../shared/experiment/resolve-variant.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { EngineChoice } from '../../shared/schema/engine.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { ModelSummary } from '../../shared/schema/model.ts';
import type { RunId } from '../../shared/schema/run.ts';
import { datasetInfo } from '../data/index.ts';
import { checkExperiment, summariseModel } from '../model/index.ts';
import type { OpenStore } from '../store/open-store.ts';
import { experimentSha256 } from './experiment-hash.ts';
import { createRunId } from './run-id.ts';
import type { RunSupervisor } from './run-supervisor.ts';
import type { SettingsFile } from './settings-file.ts';
import type { Publish } from './surroundings.ts';

export interface RunStarterSurroundings {
  readonly store: OpenStore;
  readonly supervisor: RunSupervisor;
  readonly settings: SettingsFile;
  readonly publish: Publish;
  readonly datasetDirectory: string;
  readonly now: () => number;
}

/** What is run, once. `experimentId` and `variant` say where it came from; the experiment itself is run. */
export interface RunRequest {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly engine: EngineChoice;
  /** Threads inside an op; null for what the settings say. */
  readonly threads: number | null;
  readonly experimentId: string | null;
  readonly variant: string | null;
}

/**
 * Stores a run and queues it.
 * @throws StudioError 'invalid-input' with every fault in `details.issues`; nothing is stored then
 */
export function startRun(surroundings: RunStarterSurroundings, request: RunRequest): RunId {
  const { store, supervisor, settings, publish, datasetDirectory, now } = surroundings;
  const { seed, experimentId, variant } = request;
  const experiment = resolveVariant(request.experiment, null);
  const model = checkRunnable(experiment, datasetDirectory);
  const id = createRunId(now());
  const sha256 = experimentSha256(experiment);
  const summary = store.runs.createRun({
    id,
    experiment,
    experimentSha256: sha256,
    experimentId,
    variant,
    model,
    seed,
    ownerPid: process.pid,
  });
  publish('run.changed', summary);
  const { engine } = settings.get();
  supervisor.start(id, {
    ...engine,
    choice: request.engine === 'auto' ? engine.choice : request.engine,
    threads: request.threads ?? engine.threads,
  });
  return id;
}

function checkRunnable(experiment: Experiment, datasetDirectory: string): ModelSummary {
  const info = datasetInfo(experiment.data, datasetDirectory);
  if (!info.available) {
    throw new StudioError(
      'not-found',
      `Experiment ${experiment.name}: its dataset ${info.name} is not on this machine; fetch or import it on the Data ` +
        `screen, or with \`datasets import\`.`,
      { dataset: info.id },
    );
  }
  const issues = checkExperiment(experiment, info);
  if (issues.length === 0) return summariseModel(experiment.model, info.featureShape);
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new StudioError('invalid-input', `Experiment ${experiment.name}: cannot run (${list}).`, { issues });
}
