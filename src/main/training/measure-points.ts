import type { SplitName } from '../../shared/schema/dataset.ts';
import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { EvaluationProgram } from '../engine/engine.ts';
import type { Measure } from '../metrics/measure.ts';
import { finishMeasure, type EpochSums } from './epoch-sums.ts';

/** When something was measured: after this many epochs and steps. */
export interface Moment {
  readonly epoch: number;
  readonly step: number;
}

/** The training metrics of an epoch: means over its examples, each measured in the step that took it. */
export function trainPoints(measures: readonly Measure[], sums: EpochSums, at: Moment): MetricPoint[] {
  return measures.map((measure, index) => ({
    split: 'train',
    metric: measure.name,
    epoch: at.epoch,
    step: at.step,
    value: sums.value(index, measure),
  }));
}

/** Measures the present weights on a split. */
export async function evaluateSplit(
  split: SplitName,
  program: EvaluationProgram,
  rows: Int32Array,
  measures: readonly Measure[],
  at: Moment,
): Promise<MetricPoint[]> {
  const sums = await program.run(rows);
  return measures.map((measure, index) => ({
    split,
    metric: measure.name,
    epoch: at.epoch,
    step: at.step,
    value: finishMeasure(measure, sums[index]!, rows.length),
  }));
}
