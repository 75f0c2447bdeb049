import { z } from 'zod';
import type { ScheduleSpec } from '../../../shared/schema/schedule.ts';
import type { MetricName } from '../../../shared/schema/metric-name.ts';
import { higherIsBetter } from '../best-epoch.ts';

export type PlateauSpec = Extract<ScheduleSpec, { kind: 'reduce-on-plateau' }>;

/** What reduce-on-plateau has seen; part of every checkpoint. */
export const plateauState = z.strictObject({
  /** Best value of the watched number; null before the first. */
  best: z.number().nullable(),
  /** Epoch of the last improvement or reduction, whichever came later; 0 before both. */
  sinceEpoch: z.int().nonnegative(),
  learningRate: z.number().nonnegative(),
});
export type PlateauState = z.infer<typeof plateauState>;

/** Before the first epoch. */
export function beginPlateau(learningRate: number): PlateauState {
  return { best: null, sinceEpoch: 0, learningRate };
}

/** Better by more than a share of the best value's size; torch's threshold_mode "rel", which takes positive values. */
function isImprovement(value: number, best: number | null, metric: MetricName, threshold: number): boolean {
  if (best === null) return true;
  const gain = higherIsBetter(metric) ? value - best : best - value;
  return gain > threshold * Math.abs(best);
}

/**
 * Takes in the watched number after an epoch, as torch's ReduceLROnPlateau does: the rate falls when more than
 * `patience` epochs have gone by without an improvement, and the waiting begins anew.
 * @param value null where it was not finite: no improvement
 */
export function observePlateau(
  state: PlateauState,
  value: number | null,
  epoch: number,
  spec: PlateauSpec,
): PlateauState {
  if (value !== null && isImprovement(value, state.best, spec.metric, spec.threshold)) {
    return { ...state, best: value, sinceEpoch: epoch };
  }
  if (epoch - state.sinceEpoch <= spec.patience) return state;
  const reduced = Math.max(state.learningRate * spec.factor, spec.minimumLearningRate);
  // A minimum above the rate itself must not raise it.
  return { ...state, sinceEpoch: epoch, learningRate: Math.min(state.learningRate, reduced) };
}
