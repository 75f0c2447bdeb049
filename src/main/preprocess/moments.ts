import type { Features } from '../data/loaded-dataset.ts';

/** Mean and (biased) variance of each feature, float64. */
export interface FeatureMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Numbers in one example. */
export function featureCount(features: Features): number {
  return features.shape.slice(1).reduce((product, side) => product * side, 1);
}

function addRows(features: Features, rows: Int32Array, add: (value: number, feature: number) => void): void {
  const width = featureCount(features);
  for (const row of rows) {
    const start = row * width;
    for (let feature = 0; feature < width; feature++) add(features.values[start + feature]!, feature);
  }
}

/**
 * Moments of every feature over the given rows, in two passes in float64: the variance of the differences from the
 * mean loses nothing where the mean is large against the spread.
 */
export function measureMoments(features: Features, rows: Int32Array): FeatureMoments {
  const mean = new Float64Array(featureCount(features));
  addRows(features, rows, (value, feature) => {
    mean[feature]! += value;
  });
  for (let feature = 0; feature < mean.length; feature++) mean[feature]! /= rows.length;
  const variance = new Float64Array(mean.length);
  addRows(features, rows, (value, feature) => {
    const difference = value - mean[feature]!;
    variance[feature]! += difference * difference;
  });
  for (let feature = 0; feature < mean.length; feature++) variance[feature]! /= rows.length;
  return { mean, variance };
}

/**
 * Pools the moments of features that share a channel (the last axis, so feature modulo `channels`): the mean of the
 * means, and the mean of variance + mean^2 about it. Every feature counts the same rows, so the result is exact.
 */
export function poolByChannel(moments: FeatureMoments, channels: number): FeatureMoments {
  const perChannel = moments.mean.length / channels;
  const mean = new Float64Array(channels);
  moments.mean.forEach((value, feature) => {
    mean[feature % channels]! += value / perChannel;
  });
  const variance = new Float64Array(channels);
  moments.mean.forEach((value, feature) => {
    const difference = value - mean[feature % channels]!;
    variance[feature % channels]! += (moments.variance[feature]! + difference * difference) / perChannel;
  });
  return { mean, variance };
}
