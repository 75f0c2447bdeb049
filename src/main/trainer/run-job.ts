import { datasetInfo, loadDataset } from '../data/index.ts';
import type { Engine, TrainingProgram } from '../engine/engine.ts';
import type { openEngine } from '../engine/index.ts';
import { splitSizes, stepsPerEpoch } from '../model/check-experiment.ts';
import { hasConvolutions } from '../model/plan.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { RunProgress } from '../../shared/schema/run.ts';
import { CheckpointFiles } from '../training/checkpoint-files.ts';
import type { Checkpoint, TrainingPosition } from '../training/checkpoint.ts';
import type { TrainingControls } from '../training/controls.ts';
import type { TrainerEvent, TrainingJob } from '../training/events.ts';
import { prepareRun, workloadOf, type PreparedRun } from '../training/prepare-run.ts';
import { RunClock } from '../training/run-clock.ts';
import type { TrainingSession } from '../training/session.ts';
import { train } from '../training/training-loop.ts';
import { describeData, describeEngine, describeModel, describeProgram, describeResume } from './log-lines.ts';

/** What a job needs of its process. */
export interface TrainerSurroundings {
  readonly emit: (event: TrainerEvent) => void;
  readonly controls: TrainingControls;
  readonly appVersion: string;
  readonly openEngine: typeof openEngine;
  /** Told as soon as the run's clock is known, so that a failure can say how long the run took. */
  readonly onClock: (clock: RunClock) => void;
}

/** What must be given back at the end, in reverse order. */
type Disposables = { dispose(): void }[];

function log({ emit }: TrainerSurroundings, text: string): void {
  emit({ kind: 'log', line: { at: new Date().toISOString(), level: 'info', text } });
}

/** Progress before the first step. */
function announcePhase(
  job: TrainingJob,
  { emit }: TrainerSurroundings,
  phase: RunProgress['phase'],
  position: TrainingPosition | null,
): void {
  const { training, data } = job.experiment;
  const perEpoch = stepsPerEpoch(
    training,
    splitSizes(data.split, datasetInfo(data, job.datasetDirectory)).train,
  );
  emit({
    kind: 'progress',
    progress: {
      runId: job.runId,
      state: 'running',
      phase,
      epoch: position?.epoch ?? 0,
      epochsPlanned: training.epochs,
      step: position?.step ?? 0,
      stepsPlanned: Math.max(1, perEpoch * training.epochs),
      examplesPerSecond: 0,
      secondsLeft: null,
      trainLoss: null,
      trainAccuracy: null,
    },
  });
}

async function readResume(job: TrainingJob, files: CheckpointFiles): Promise<Checkpoint | null> {
  if (job.resume === null) return null;
  const { path, sha256 } = job.resume.checkpoint;
  const checkpoint = await files.read(path, sha256);
  if (checkpoint.position.seed === job.seed) return checkpoint;
  throw new StudioError(
    'conflict',
    `checkpoint ${path}: made with seed ${checkpoint.position.seed}, but the run has seed ${job.seed}; start the run anew`,
    { path },
  );
}

async function compile(
  job: TrainingJob,
  engine: Engine,
  prepared: PreparedRun,
  checkpoint: Checkpoint | null,
): Promise<TrainingProgram> {
  const { batchSize, epochs } = prepared.experiment.training;
  const program = await engine.createTrainingProgram(prepared.step, {
    batchSize,
    plannedSteps: prepared.stepsPerEpoch * epochs,
    hasConvolutions: hasConvolutions(prepared.plan),
    ...(job.resume === null ? {} : { executor: job.resume.executor, stepsPerCall: job.resume.stepsPerCall }),
  });
  if (checkpoint !== null) await program.writeState(checkpoint.state);
  return program;
}

async function openEvaluators(
  engine: Engine,
  prepared: PreparedRun,
  program: TrainingProgram,
  disposables: Disposables,
): Promise<TrainingSession['evaluators']> {
  const { batchSize } = prepared.experiment.evaluation;
  const test = await engine.createEvaluationProgram(prepared.evaluation.test, program, batchSize);
  disposables.push(test);
  if (prepared.split.dev.length === 0) return { dev: null, test };
  const dev = await engine.createEvaluationProgram(prepared.evaluation.dev, program, batchSize);
  disposables.push(dev);
  return { dev, test };
}

async function trainJob(
  job: TrainingJob,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<void> {
  const { emit, controls } = surroundings;
  const files = new CheckpointFiles(job.artifactDirectory, job.runId);
  announcePhase(job, surroundings, 'loading', null);
  const checkpoint = await readResume(job, files);
  const resume = checkpoint?.position ?? null;
  const clock = new RunClock(resume?.durationMs ?? 0, resume?.epochMs ?? 0);
  surroundings.onClock(clock);
  if (resume !== null) log(surroundings, describeResume(resume));
  const dataset = await loadDataset(job.experiment.data, job.datasetDirectory);
  const prepared = prepareRun(job.experiment, job.seed, dataset);
  log(surroundings, describeData(dataset, prepared.split));
  log(surroundings, describeModel(prepared.plan));

  const { engine, reason } = await surroundings.openEngine(
    job.engine,
    job.cacheDirectory,
    workloadOf(prepared),
  );
  disposables.push(engine);
  log(surroundings, describeEngine(engine.info, reason));
  announcePhase(job, surroundings, 'compiling', resume);
  const program = await compile(job, engine, prepared, checkpoint);
  disposables.push(program);
  const evaluators = await openEvaluators(engine, prepared, program, disposables);
  log(surroundings, describeProgram(program));
  emit({
    kind: 'started',
    compileMs: program.compileMs,
    provenance: {
      dataSha256: dataset.sha256,
      splitSha256: prepared.split.sha256,
      engine: engine.info,
      executor: program.executor,
      stepsPerCall: program.stepsPerCall,
      appVersion: surroundings.appVersion,
    },
  });
  await train({ runId: job.runId, prepared, program, evaluators, files, controls, clock, resume, emit });
}

/**
 * Trains one run from its job to its end, telling everything by events; the last is `finished` or `cancelled`.
 * Everything it opens it gives back, the engine last.
 * @throws StudioError for what is expected to go wrong; the caller tells it as `failed`
 */
export async function runJob(job: TrainingJob, surroundings: TrainerSurroundings): Promise<void> {
  const disposables: Disposables = [];
  try {
    await trainJob(job, surroundings, disposables);
  } finally {
    for (const disposable of disposables.reverse()) disposable.dispose();
  }
}
