/**
 * The studio's own step, taken apart in a process of its own: losses of the first 20 steps, time to compile, and the
 * speed of the compiled program and of the eager one. Prints JSON. Arguments: model, steps to time.
 */
import { join } from 'node:path';
import { cacheDirectory, dataDirectory } from '../src/main/host/paths.ts';
import { loadDataset } from '../src/main/data/index.ts';
import type { Engine, TrainingProgram } from '../src/main/engine/engine.ts';
import { openEngine } from '../src/main/engine/index.ts';
import { hasConvolutions } from '../src/main/model/plan.ts';
import { prepareRun, workloadOf, type PreparedRun } from '../src/main/training/prepare-run.ts';
import type { ExecutorKind } from '../src/shared/schema/engine.ts';
import { benchExperiment, BENCH_SEED } from './inputs.ts';
import type { ModelName } from './contestants.ts';
import type { StepsAnswer } from './steps-answer.ts';
import { takeSteps } from './take-steps.ts';

const CHECKED_STEPS = 20;
/** So many planned steps that compiling is never in doubt. */
const PLANNED_STEPS = 100_000;
const EAGER_STEPS = 100;

async function timeSteps(
  program: TrainingProgram,
  prepared: PreparedRun,
  from: number,
  steps: number,
): Promise<number> {
  const startedMs = performance.now();
  await takeSteps(program, prepared, from, steps);
  return (performance.now() - startedMs) / 1_000 / steps;
}

async function openProgram(
  engine: Engine,
  prepared: PreparedRun,
  executor?: ExecutorKind,
): Promise<{ program: TrainingProgram; seconds: number }> {
  const startedMs = performance.now();
  const program = await engine.createTrainingProgram(prepared.step, {
    batchSize: prepared.experiment.training.batchSize,
    plannedSteps: PLANNED_STEPS,
    hasConvolutions: hasConvolutions(prepared.plan),
    executor,
  });
  return { program, seconds: (performance.now() - startedMs) / 1_000 };
}

async function measureCompiled(
  engine: Engine,
  prepared: PreparedRun,
  steps: number,
): Promise<Omit<StepsAnswer, 'eagerStepSeconds' | 'engine'>> {
  const { program, seconds } = await openProgram(engine, prepared);
  const startedMs = performance.now();
  const losses = await takeSteps(program, prepared, 0, CHECKED_STEPS);
  // A call of full size compiles whatever its own shape needs.
  await takeSteps(program, prepared, CHECKED_STEPS, program.stepsPerCall);
  const warmUpSeconds = (performance.now() - startedMs) / 1_000;
  const from = CHECKED_STEPS + program.stepsPerCall;
  const stepSeconds = await timeSteps(program, prepared, from, Math.max(steps, program.stepsPerCall));
  const compileSeconds = seconds + Math.max(0, warmUpSeconds - from * stepSeconds);
  const { executor, stepsPerCall } = program;
  program.dispose();
  return { losses, executor, stepsPerCall, compileSeconds, stepSeconds };
}

async function measureEager(engine: Engine, prepared: PreparedRun): Promise<number> {
  const { program } = await openProgram(engine, prepared, 'eager');
  await takeSteps(program, prepared, 0, 10);
  const stepSeconds = await timeSteps(program, prepared, 10, EAGER_STEPS);
  program.dispose();
  return stepSeconds;
}

async function main(model: ModelName, steps: number): Promise<void> {
  const experiment = await benchExperiment(process.cwd(), model, 1);
  const prepared = prepareRun(
    experiment,
    BENCH_SEED,
    await loadDataset(experiment.data, join(dataDirectory(), 'datasets')),
  );
  const options = { choice: 'auto', threads: null, device: 'auto' } as const;
  const { engine } = await openEngine(options, cacheDirectory(), workloadOf(prepared));
  const compiled = await measureCompiled(engine, prepared, steps);
  const eagerStepSeconds = await measureEager(engine, prepared);
  const { kind, version, device } = engine.info;
  const answer: StepsAnswer = {
    ...compiled,
    eagerStepSeconds,
    engine: `${kind} ${version} on ${device.kind}`,
  };
  engine.dispose();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

await main(process.argv[2] === 'cnn' ? 'cnn' : 'mlp', Number(process.argv[3] ?? 1_000));
