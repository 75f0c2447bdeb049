function mean(count: number, valueOf: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += valueOf(i);
  return sum / count;
}

/** Errors of a regression; `actual` and `predicted` in one unit, of the same examples. */
export interface RegressionScores {
  readonly rootMeanSquaredError: number;
  readonly meanAbsoluteError: number;
  /** 1 - residual / total sum of squares; null where all targets are equal. */
  readonly r2: number | null;
}

/** Sums are taken in float64. */
export function scoreRegression(actual: Float32Array, predicted: Float32Array): RegressionScores {
  const count = actual.length;
  const centre = mean(count, (i) => actual[i]!);
  const squaredError = mean(count, (i) => (actual[i]! - predicted[i]!) ** 2);
  const variance = mean(count, (i) => (actual[i]! - centre) ** 2);
  return {
    rootMeanSquaredError: Math.sqrt(squaredError),
    meanAbsoluteError: mean(count, (i) => Math.abs(actual[i]! - predicted[i]!)),
    r2: variance === 0 ? null : 1 - squaredError / variance,
  };
}

/**
 * Mean of (log variance + (y - mean)^2 / variance) / 2 (Nix and Weigend 1994), the loss such a net is trained on; the
 * constant log(2 pi) / 2 of the density is left out, as there.
 */
export function gaussianNegativeLogLikelihood(
  actual: Float32Array,
  predicted: Float32Array,
  sigma: Float32Array,
): number {
  return mean(actual.length, (i) => {
    const residual = (actual[i]! - predicted[i]!) / sigma[i]!;
    return Math.log(sigma[i]!) + (residual * residual) / 2;
  });
}
