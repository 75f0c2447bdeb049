import { loadDataset } from '../data/index.ts';
import type { LoadedDataset } from '../data/loaded-dataset.ts';
import type { Engine, EvaluationProgram, StateTensor, TrainingProgram } from '../engine/engine.ts';
import { experiment, type Experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { Artifact } from '../../shared/schema/artifact.ts';
import { CheckpointFiles } from './checkpoint-files.ts';
import { TrainingControls } from './controls.ts';
import type { TrainerEvent } from './events.ts';
import { materialiseRun, prepareRun } from './prepare-run.ts';
import { RunClock } from './run-clock.ts';
import { train } from './training-loop.ts';

/*
 * For tests of the loop: a run on 40 generated points with everything that has a state of its own (momentum, batch norm,
 * dropout), cut into calls of two steps and a smaller last batch: 36 training rows are 4 batches of 8 and one of 4.
 */

/** Calls of the program in one epoch of the tiny experiment. */
export const CALLS_PER_EPOCH = 3;

/** The tiny experiment with parts replaced. */
export function tinyExperiment(
  training: Partial<ExperimentInput['training']> = {},
  rest: Partial<ExperimentInput> = {},
): Experiment {
  const generator = { trainExamples: 40, testExamples: 10, noise: 0.1, seed: 3 };
  return experiment.parse({
    schemaVersion: 1,
    name: 'tiny',
    data: { dataset: 'circles', generator },
    model: {
      layers: [
        { kind: 'dense', name: 'hidden', units: 5, activation: 'tanh' },
        { kind: 'batch-norm', name: 'norm' },
        { kind: 'dropout', name: 'drop', rate: 0.2 },
        { kind: 'dense', name: 'head', units: 2 },
      ],
    },
    training: {
      loss: 'sparse-softmax-cross-entropy',
      optimizer: { kind: 'adam', learningRate: 0.05 },
      batchSize: 8,
      epochs: 3,
      ...training,
    },
    ...rest,
  });
}

/** How a run of the loop is to differ from the plain one. */
export interface RunOptions {
  readonly engine: Engine;
  readonly artifactDirectory: string;
  readonly experiment?: Experiment;
  /** In place of the one that the experiment names. */
  readonly dataset?: LoadedDataset;
  readonly seed?: number;
  readonly stepsPerCall?: number;
  readonly resume?: Artifact;
  /** In place of the real evaluation of dev. */
  readonly dev?: EvaluationProgram;
  /** Told before each call with its number, counted from 1. */
  readonly beforeCall?: (call: number, controls: TrainingControls) => void;
  readonly onEvent?: (event: TrainerEvent, controls: TrainingControls) => void;
}

/** What a run told and left behind. */
export interface RunOutcome {
  readonly events: readonly TrainerEvent[];
  readonly state: readonly StateTensor[];
  readonly calls: number;
}

function countCalls(program: TrainingProgram, onCall: () => void): TrainingProgram {
  return {
    executor: program.executor,
    stepsPerCall: program.stepsPerCall,
    compileMs: program.compileMs,
    run(call) {
      onCall();
      return program.run(call);
    },
    readState: () => program.readState(),
    writeState: (state) => program.writeState(state),
    dispose: () => program.dispose(),
  };
}

/** Runs the loop to its end on a real engine; rejects as the loop does. */
export async function runTiny(options: RunOptions): Promise<RunOutcome> {
  const { engine, artifactDirectory, experiment: chosen = tinyExperiment(), seed = 5 } = options;
  const dataset = options.dataset ?? (await loadDataset(chosen.data, artifactDirectory));
  const prepared = await materialiseRun(prepareRun(chosen, seed, dataset));
  const files = new CheckpointFiles(artifactDirectory, 'tinyrun0123');
  const checkpoint = options.resume ? await files.read(options.resume.path, options.resume.sha256) : null;
  const program = await engine.createTrainingProgram(prepared.step, {
    batchSize: chosen.training.batchSize,
    plannedSteps: prepared.stepsPerEpoch * chosen.training.epochs,
    hasConvolutions: prepared.avoidsXla,
    stepsPerCall: options.stepsPerCall ?? 2,
  });
  if (checkpoint !== null) await program.writeState(checkpoint.state);
  const realDev = await engine.createEvaluationProgram(prepared.evaluation.dev, program, 16);
  const dev = prepared.split.dev.length === 0 ? null : (options.dev ?? realDev);
  const test = await engine.createEvaluationProgram(prepared.evaluation.test, program, 16);
  const controls = new TrainingControls();
  const events: TrainerEvent[] = [];
  let calls = 0;
  try {
    await train({
      runId: 'tinyrun0123',
      prepared,
      program: countCalls(program, () => {
        calls += 1;
        options.beforeCall?.(calls, controls);
      }),
      evaluators: { dev, test },
      files,
      controls,
      clock: new RunClock(checkpoint?.position.durationMs ?? 0, checkpoint?.position.epochMs ?? 0),
      resume: checkpoint?.position ?? null,
      emit(event) {
        events.push(event);
        options.onEvent?.(event, controls);
      },
    });
    return { events, state: await program.readState(), calls };
  } finally {
    for (const opened of [realDev, test, program]) opened.dispose();
  }
}

/** Events of one kind. */
export function eventsOf<K extends TrainerEvent['kind']>(
  { events }: Pick<RunOutcome, 'events'>,
  kind: K,
): Extract<TrainerEvent, { kind: K }>[] {
  return events.filter((event): event is Extract<TrainerEvent, { kind: K }> => event.kind === kind);
}

/** Every number a run measured, from an epoch on. */
export function pointsOf(outcome: Pick<RunOutcome, 'events'>, fromEpoch = 1): MetricPoint[] {
  const epochs = eventsOf(outcome, 'epoch').flatMap(({ points }) => points);
  const final = eventsOf(outcome, 'finished').flatMap(({ points }) => points);
  return [...epochs, ...final].filter(({ epoch }) => epoch >= fromEpoch);
}
