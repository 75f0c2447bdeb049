import type { ExecutorKind } from '../../../shared/schema/engine.ts';
import type { TrainingOptions } from '../engine.ts';

/** Below this many steps, recording and building a function takes longer than the steps do op by op. */
const GRAPH_MIN_STEPS = 30;
/** XLA compiles for about half a second and saves a tenth (tiny nets) to a third of a millisecond a step. */
const XLA_MIN_STEPS = 3_000;

/** A call should last long enough to hide its overhead and short enough to pause and cancel between calls. */
const CALL_MS = 60;
const MAX_STEPS_PER_CALL = 1_000;
/** Rough speeds, the same on every machine: the number of steps per call must not depend on a measurement. */
const FLOPS_PER_MS: Readonly<Record<'graph' | 'xla', number>> = { graph: 2.4e8, xla: 1.3e8 };
const OVERHEAD_MS: Readonly<Record<'graph' | 'xla', number>> = { graph: 0.08, xla: 0.03 };

/** How a training step of this kind and number is run best. */
export function chooseExecutor(options: TrainingOptions): ExecutorKind {
  if (options.executor) return options.executor;
  if (options.plannedSteps < GRAPH_MIN_STEPS) return 'eager';
  return options.hasConvolutions || options.plannedSteps < XLA_MIN_STEPS ? 'graph' : 'xla';
}

/** How many iterations one call should make. @param flops floating-point operations of one iteration */
export function chooseStepsPerCall(executor: 'graph' | 'xla', flops: number): number {
  const stepMs = OVERHEAD_MS[executor] + flops / FLOPS_PER_MS[executor];
  return Math.min(Math.max(Math.round(CALL_MS / stepMs), 1), MAX_STEPS_PER_CALL);
}
