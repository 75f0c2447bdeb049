import { StudioError } from '../../shared/ipc/errors.ts';
import type { RunProgress } from '../../shared/schema/run.ts';
import { datasetInfo, loadDataset } from '../data/index.ts';
import type { Engine, TrainingProgram } from '../engine/engine.ts';
import { splitSizes, stepsPerEpoch } from '../model/check-experiment.ts';
import { CheckpointFiles } from '../training/checkpoint-files.ts';
import type { Checkpoint, TrainingPosition } from '../training/checkpoint.ts';
import type { TrainingJob } from '../training/events.ts';
import { materialiseRun, prepareRun, workloadOf, type PreparedRun } from '../training/prepare-run.ts';
import { RunClock } from '../training/run-clock.ts';
import type { TrainingSession } from '../training/session.ts';
import { train } from '../training/training-loop.ts';
import { describeData, describeModel, describeProgram, describeResume } from './log-lines.ts';
import { recallPreprocessing, storePreprocessing } from './run-preprocessing.ts';
import {
  announcePhase,
  describeProvenance,
  log,
  openJobEngine,
  type Disposables,
  type TrainerSurroundings,
} from './surroundings.ts';

function announce(
  job: TrainingJob,
  surroundings: TrainerSurroundings,
  phase: RunProgress['phase'],
  position: TrainingPosition | null,
): void {
  const { training, data } = job.experiment;
  const sizes = splitSizes(data.split, datasetInfo(data, job.datasetDirectory));
  announcePhase(surroundings, phase, {
    runId: job.runId,
    epoch: position?.epoch ?? 0,
    epochsPlanned: training.epochs,
    step: position?.step ?? 0,
    stepsPlanned: Math.max(1, stepsPerEpoch(training, sizes.train) * training.epochs),
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
    hasConvolutions: prepared.avoidsXla,
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

/** Trains a net by epochs, from the start or from where the job's checkpoint stands. */
export async function trainNet(
  job: TrainingJob,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<void> {
  const { emit, controls } = surroundings;
  const files = new CheckpointFiles(job.artifactDirectory, job.runId);
  announce(job, surroundings, 'loading', null);
  const checkpoint = await readResume(job, files);
  const resume = checkpoint?.position ?? null;
  const clock = new RunClock(resume?.durationMs ?? 0, resume?.epochMs ?? 0);
  surroundings.onClock(clock);
  if (resume !== null) log(surroundings, describeResume(resume));
  const dataset = await loadDataset(job.experiment.data, job.datasetDirectory);
  const planned = prepareRun(job.experiment, job.seed, dataset, await recallPreprocessing(job));
  log(surroundings, describeData(dataset, planned.split));
  log(surroundings, describeModel(planned.plan));

  const engine = await openJobEngine(job, job.engine, workloadOf(planned), surroundings, disposables);
  announce(job, surroundings, 'compiling', resume);
  const prepared = await materialiseRun(planned);
  const preprocessing = await storePreprocessing(job, prepared.preprocessing);
  const program = await compile(job, engine, prepared, checkpoint);
  disposables.push(program);
  const evaluators = await openEvaluators(engine, prepared, program, disposables);
  log(surroundings, describeProgram(program));
  const provenance = describeProvenance(dataset, prepared.split, engine, program, surroundings);
  emit({ kind: 'started', compileMs: program.compileMs, provenance, preprocessing });
  await train({ runId: job.runId, prepared, program, evaluators, files, controls, clock, resume, emit });
}
