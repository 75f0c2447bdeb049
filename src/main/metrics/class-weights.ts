import type { TargetValues } from '../data/loaded-dataset.ts';
import type { TrainingSpec } from '../../shared/schema/training.ts';

/** examples / (classes * examples of the class) over the given rows; 1 for a class that none of them has. */
export function balancedWeights(labels: TargetValues, rows: Int32Array, classCount: number): number[] {
  const counts = new Int32Array(classCount);
  for (const row of rows) counts[labels[row]!]! += 1;
  return Array.from(counts, (count) => (count === 0 ? 1 : rows.length / (classCount * count)));
}

/**
 * The weights a specification asks for.
 * @param labels of the main target
 * @param rows of the training split
 */
export function classWeightsOf(
  spec: TrainingSpec['classWeights'],
  labels: TargetValues,
  rows: Int32Array,
  classCount: number,
): readonly number[] | null {
  return spec === 'balanced' ? balancedWeights(labels, rows, classCount) : spec;
}

/**
 * What turns a weighted loss's sum over all of `rows` into rows times their weighted mean: rows / sum of weights; 1
 * without weights. Evaluation adds up batches, so the weighted mean needs it known before.
 */
export function weightScale(
  classWeights: readonly number[] | null,
  labels: TargetValues,
  rows: Int32Array,
): number {
  if (classWeights === null || rows.length === 0) return 1;
  return rows.length / rows.reduce((sum, row) => sum + classWeights[labels[row]!]!, 0);
}
