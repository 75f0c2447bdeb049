import type { ComparedSeries } from '../../shared/schema/comparison.ts';
import { seriesName } from '../../shared/schema/metric.ts';
import type { RunId } from '../../shared/schema/run.ts';
import type { CurveName, EpochTimes } from '../store/run-records.ts';
import type { RunStore } from '../store/run-store.ts';

/** The curves of several runs, by run and then in the order of the names; runs without one of them lack it. */
export function readComparedSeries(
  runs: RunStore,
  runIds: readonly RunId[],
  names: readonly CurveName[],
): ComparedSeries[] {
  const curves = runs.getCurves(runIds, names);
  const times = runs.getEpochTimes(runIds);
  return runIds.flatMap((runId, i) =>
    curves[i]!.map(({ split, metric, epochs, steps, values }) => ({
      runId,
      split,
      metric: seriesName.parse(metric),
      epochs: Int32Array.from(epochs),
      steps: Int32Array.from(steps),
      seconds: toSeconds(steps, times[i]!),
      values: Float64Array.from(values, (value) => value ?? NaN),
    })),
  );
}

/** Training time at each step, in seconds: known at the ends of epochs, straight lines between them. */
export function toSeconds(
  steps: readonly number[],
  { steps: ends, durationsMs }: EpochTimes,
): Float64Array<ArrayBuffer> {
  const seconds = new Float64Array(steps.length);
  let epoch = 0;
  let [fromStep, fromMs] = [0, 0];
  steps.forEach((step, i) => {
    while (epoch < ends.length && ends[epoch]! <= step) {
      fromStep = ends[epoch]!;
      fromMs += durationsMs[epoch]!;
      epoch++;
    }
    const length = (ends[epoch] ?? fromStep) - fromStep;
    const share = length > 0 ? (step - fromStep) / length : 0;
    seconds[i] = (fromMs + share * (durationsMs[epoch] ?? 0)) / 1_000;
  });
  return seconds;
}
