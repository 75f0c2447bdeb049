import type { TrainingProgram } from '../src/main/engine/engine.ts';
import { planCall } from '../src/main/training/call-plan.ts';
import { epochOrder } from '../src/main/training/epoch-order.ts';
import type { PreparedRun } from '../src/main/training/prepare-run.ts';

/**
 * Takes steps from the first epoch's order, which begins again after its last full batch, in calls as large as the
 * program takes.
 * @param first steps taken before
 * @returns the first metric of each step
 */
export async function takeSteps(
  program: TrainingProgram,
  prepared: PreparedRun,
  first: number,
  steps: number,
): Promise<number[]> {
  const { batchSize } = prepared.experiment.training;
  const order = epochOrder(prepared.split.train, prepared.seed, 1);
  const whole = Math.floor(order.length / batchSize);
  const losses: number[] = [];
  while (losses.length < steps) {
    const step = first + losses.length;
    const stepsPerCall = Math.min(program.stepsPerCall, steps - losses.length);
    const layout = { batchSize, stepsPerCall, dropLastBatch: true };
    const call = planCall(order, (step % whole) * batchSize, step, layout, prepared.optimizer.scalars);
    if (call === null) throw new Error('benchmark: the epoch holds no full batch');
    const metrics = await program.run(call);
    const width = metrics.length / call.steps;
    for (let i = 0; i < call.steps; i++) losses.push(metrics[i * width] ?? NaN);
  }
  return losses;
}
