import { z } from 'zod';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { MetricPoint } from '../../shared/schema/metric.ts';

/** Most points a sparkline has, the newest one included. */
const CAPACITY = 60;

/** A loss curve thinned as it grows: every `stride`-th of the `count` values so far, and the newest. */
export const sparklineState = z.strictObject({
  stride: z.int().positive(),
  count: z.int().nonnegative(),
  kept: z.array(z.number().nullable()),
  last: z.number().nullable(),
});
export type SparklineState = z.infer<typeof sparklineState>;

export const emptySparkline: SparklineState = { stride: 1, count: 0, kept: [], last: null };

/**
 * Adds one value in constant time however long the run is: when the kept values fill the line, the stride doubles
 * and every other one is dropped.
 */
export function extendSparkline(state: SparklineState, value: number | null): SparklineState {
  const onStride = state.count % state.stride === 0;
  const kept = onStride ? [...state.kept, value] : state.kept;
  const next = { ...state, count: state.count + 1, kept, last: value };
  if (kept.length < CAPACITY) return next;
  return { ...next, stride: state.stride * 2, kept: kept.filter((_, index) => index % 2 === 0) };
}

/** The values to draw, oldest first, the newest always last. */
export function sparklineValues(state: SparklineState): (number | null)[] {
  const lastIsKept = state.count === 0 || (state.count - 1) % state.stride === 0;
  return lastIsKept ? [...state.kept] : [...state.kept, state.last];
}

/** The split whose loss the sparkline shows: dev where it is measured as the run goes, else train. */
export function sparklineSplit(experiment: Experiment): SplitName {
  const measuresDev = experiment.data.split.devFraction > 0 && experiment.evaluation.everyEpochs > 0;
  return measuresDev ? 'dev' : 'train';
}

/** The sparkline after an epoch's points; unchanged where the epoch did not measure its loss. */
export function extendByPoints(
  state: SparklineState,
  split: SplitName,
  points: readonly MetricPoint[],
): SparklineState {
  const point = points.find((p) => p.split === split && p.metric === 'loss');
  return point === undefined ? state : extendSparkline(state, point.value);
}
