import type { Features } from '../data/loaded-dataset.ts';
import type { Affine } from './affine.ts';
import { featureCount } from './moments.ts';

/** Smallest and largest value of each feature, or of each channel. */
export interface Extremes {
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
}

/** The extremes of every feature over the given rows. */
export function measureExtremes({ shape, values }: Features, rows: Int32Array): Extremes {
  const width = featureCount({ shape, values });
  const minimum = new Float64Array(width).fill(Infinity);
  const maximum = new Float64Array(width).fill(-Infinity);
  for (const row of rows) {
    for (let feature = 0; feature < width; feature++) {
      const value = values[row * width + feature]!;
      if (value < minimum[feature]!) minimum[feature] = value;
      if (value > maximum[feature]!) maximum[feature] = value;
    }
  }
  return { minimum, maximum };
}

/** What the extremes of the raw features become under the map; its scales are never negative. */
export function mapExtremes({ minimum, maximum }: Extremes, { scale, offset }: Affine): Extremes {
  const map = (value: number, feature: number) => value * scale[feature]! + offset[feature]!;
  return { minimum: minimum.map(map), maximum: maximum.map(map) };
}

/** The extremes over all features of a channel (the last axis, so feature modulo `channels`). */
export function extremesByChannel({ minimum, maximum }: Extremes, channels: number): Extremes {
  const pooled = {
    minimum: new Float64Array(channels).fill(Infinity),
    maximum: new Float64Array(channels).fill(-Infinity),
  };
  minimum.forEach((value, feature) => {
    const channel = feature % channels;
    pooled.minimum[channel] = Math.min(pooled.minimum[channel]!, value);
    pooled.maximum[channel] = Math.max(pooled.maximum[channel]!, maximum[feature]!);
  });
  return pooled;
}

/**
 * Maps the smallest value to 0 and the largest to 1. `extremes` are of the mapped features, one per feature or one per
 * channel. A feature without spread becomes 0.
 */
export function scaledToExtremes({ scale, offset }: Affine, { minimum, maximum }: Extremes): Affine {
  const groups = minimum.length;
  const span = maximum.map((value, group) => value - minimum[group]! || 1);
  return {
    scale: scale.map((value, feature) => value / span[feature % groups]!),
    offset: offset.map((value, feature) => (value - minimum[feature % groups]!) / span[feature % groups]!),
  };
}
