/**
 * The studio's own steps of one case, in a process of its own. Arguments: case, "losses" or "speed", the folder that takes
 * the inputs for PyTorch, and the seconds to measure. Prints JSON.
 */
import { cacheDirectory, projectRoot } from '../src/main/host/paths.ts';
import { openEngine } from '../src/main/engine/index.ts';
import type { TrainingProgram } from '../src/main/engine/engine.ts';
import {
  materialiseRun,
  prepareRun,
  workloadOf,
  type PreparedRun,
} from '../src/main/training/prepare-run.ts';
import { createOptimizer } from '../src/main/training/optimizers/index.ts';
import { createSchedule } from '../src/main/training/schedules/index.ts';
import {
  caseDataset,
  caseExperiment,
  cases,
  CASE_SEED,
  withoutChance,
  type CaseName,
} from './experiment-cases.ts';
import { writeExperimentInputs } from './experiment-inputs.ts';
import { takeSteps } from './take-steps.ts';

const CHECKED_STEPS = 20;
const SPEED_STEPS = 60;
/** So many planned steps that compiling is never in doubt. */
const PLANNED_STEPS = 100_000;

/** Norms of batch norm's running means and variances, layer by layer, as the PyTorch program gives them. */
async function statisticsOf(program: TrainingProgram): Promise<Record<string, number[]>> {
  const state = await program.readState();
  const norm = (name: string): number =>
    Math.hypot(...(state.find((tensor) => tensor.name === name)?.values ?? [NaN]));
  const layers = state.flatMap(({ name }) => (name.endsWith('/runningMean') ? [name.split('/')[0]!] : []));
  return Object.fromEntries(
    layers.map((layer) => [layer, [norm(`${layer}/runningMean`), norm(`${layer}/runningVariance`)]]),
  );
}

/** The optimizer at its schedule's rates, as the training loop has it. */
function withSchedule(prepared: PreparedRun): PreparedRun {
  const { training } = prepared.experiment;
  const schedule = createSchedule(training, prepared.stepsPerEpoch);
  const optimizer = createOptimizer(training.optimizer, (step) => schedule.rateAt(step, null));
  return { ...prepared, optimizer };
}

async function measureSpeed(
  program: TrainingProgram,
  prepared: PreparedRun,
  seconds: number,
): Promise<number> {
  await takeSteps(program, prepared, 0, SPEED_STEPS);
  const startedMs = performance.now();
  let steps = 0;
  while (performance.now() - startedMs < seconds * 1_000) {
    steps += (await takeSteps(program, prepared, SPEED_STEPS + steps, program.stepsPerCall)).length;
  }
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  return (steps * prepared.experiment.training.batchSize) / tookSeconds;
}

async function main(name: CaseName, what: string, folder: string, seconds: number): Promise<void> {
  const whole = await caseExperiment(projectRoot(), cases[name]);
  const experiment = what === 'losses' ? withoutChance(whole) : whole;
  const { dataset, isReal } = await caseDataset(experiment);
  const planned = prepareRun(experiment, CASE_SEED, dataset);
  const options = { choice: 'auto', threads: null, device: 'auto' } as const;
  const { engine } = await openEngine(options, cacheDirectory(), workloadOf(planned));
  const prepared = withSchedule(await materialiseRun(planned));
  const steps = what === 'losses' ? CHECKED_STEPS : SPEED_STEPS;
  await writeExperimentInputs(folder, prepared, dataset, steps);
  const program = await engine.createTrainingProgram(prepared.step, {
    batchSize: experiment.training.batchSize,
    plannedSteps: PLANNED_STEPS,
    hasConvolutions: prepared.avoidsXla,
  });
  const measured =
    what === 'losses'
      ? {
          losses: await takeSteps(program, prepared, 0, CHECKED_STEPS),
          statistics: await statisticsOf(program),
        }
      : { imagesPerSecond: await measureSpeed(program, prepared, seconds) };
  const { executor, stepsPerCall } = program;
  program.dispose();
  engine.dispose();
  process.stdout.write(`${JSON.stringify({ ...measured, executor, stepsPerCall, isReal })}\n`);
}

const [name = 'C2', what = 'losses', folder = '.', seconds = '5'] = process.argv.slice(2);
if (!Object.hasOwn(cases, name))
  throw new Error(`experiment steps: found the case "${name}", expected ${Object.keys(cases).join(', ')}`);
await main(name as CaseName, what, folder, Number(seconds));
