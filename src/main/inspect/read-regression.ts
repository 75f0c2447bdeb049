import { VARIANCE_FLOOR } from '../metrics/gaussian.ts';
import type { FittedPreprocessing } from '../preprocess/index.ts';
import type { InspectedHead } from './inspected-head.ts';

/** A regression's predictions in the target's original unit. */
export interface ReadRegression {
  readonly predicted: Float32Array<ArrayBuffer>;
  /** Predicted standard deviations; null for a head that gives none. */
  readonly sigma: Float32Array<ArrayBuffer> | null;
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function column(outputs: Float32Array, width: number, index: number): Float64Array {
  return Float64Array.from({ length: outputs.length / width }, (_, i) => outputs[i * width + index]!);
}

/**
 * Reads a regression head's outputs and takes back what was done to the target. A Gaussian head gives the mean and a
 * number whose softplus is the variance (above its floor); its deviation is scaled as the target was, and under a logarithm taken to the
 * first order, sigma * |d exp(mean)|, so that the prediction is the median of the log-normal and sigma its spread for
 * small deviations.
 * @param outputs [examples, outputs] flat
 */
export function readRegression(
  { target }: FittedPreprocessing,
  head: InspectedHead,
  outputs: Float32Array,
): ReadRegression {
  const means = column(outputs, head.outputCount, 0);
  // Only the main target is prepared.
  const isPrepared = head.targetIndex === 0 && !target.isIdentity;
  const predicted = Float32Array.from(isPrepared ? target.invertValues(means) : means);
  if (!head.isGaussian) return { predicted, sigma: null };
  const deviations = column(outputs, head.outputCount, 1).map((x) => Math.sqrt(softplus(x) + VARIANCE_FLOOR));
  const sigma = isPrepared ? target.invertDeviations(deviations, means) : deviations;
  return { predicted, sigma: Float32Array.from(sigma) };
}
