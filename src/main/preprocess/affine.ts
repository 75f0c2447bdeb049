import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { FeatureMoments } from './moments.ts';

/** x * scale + offset, with one number per feature; every preparation the studio knows comes to this. */
export interface Affine {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

/** 2^-24 squared: a spread below float32's own rounding of the mean is no spread. */
const RELATIVE_VARIANCE_FLOOR = 2 ** -48;

/** The map that leaves `width` features as they are. */
export function identityAffine(width: number): Affine {
  return { scale: new Float64Array(width).fill(1), offset: new Float64Array(width) };
}

/** Divides by 255. */
export function scaledToUnit({ scale, offset }: Affine): Affine {
  return { scale: scale.map((value) => value / 255), offset: offset.map((value) => value / 255) };
}

/** What the moments of the raw features become under the map. */
export function mapMoments(moments: FeatureMoments, { scale, offset }: Affine): FeatureMoments {
  return {
    mean: moments.mean.map((mean, feature) => mean * scale[feature]! + offset[feature]!),
    variance: moments.variance.map((variance, feature) => variance * scale[feature]! ** 2),
  };
}

/**
 * Subtracts the mean and divides by the standard deviation. `moments` are of the mapped features, one per feature or
 * one per channel. A feature without spread becomes 0 instead of a division by 0.
 */
export function standardised({ scale, offset }: Affine, moments: FeatureMoments): Affine {
  const groups = moments.mean.length;
  const deviation = moments.variance.map((variance, group) =>
    variance > RELATIVE_VARIANCE_FLOOR * moments.mean[group]! ** 2 ? Math.sqrt(variance) : 1,
  );
  return {
    scale: scale.map((value, feature) => value / deviation[feature % groups]!),
    offset: offset.map(
      (value, feature) => (value - moments.mean[feature % groups]!) / deviation[feature % groups]!,
    ),
  };
}

/** The shortest array that says the same when repeated along the features, for a smaller constant. */
function shortest(values: Float64Array, channels: number): Float64Array {
  if (values.every((value) => value === values[0])) return values.slice(0, 1);
  if (values.every((value, feature) => value === values[feature % channels]))
    return values.slice(0, channels);
  return values;
}

function toTensor(values: Float64Array, exampleShape: readonly number[]): tf.Tensor {
  const channels = exampleShape.at(-1) ?? 1;
  const short = shortest(values, channels);
  if (short.length === 1) return tf.scalar(short[0] ?? 0, 'float32');
  if (short.length === channels) return tf.tensor1d(Float32Array.from(short), 'float32');
  return tf.tensor(Float32Array.from(short), [...exampleShape], 'float32');
}

/**
 * Applies the map to a batch: a cast to float32, then a multiplication and an addition where they change anything.
 * @param x [batch, ...example], any numeric type; borrowed
 * @returns float32 tensor of x's shape, the caller's
 * @throws StudioError `shape-mismatch` where an example has another number of features
 */
export function applyAffine(x: tf.Tensor, { scale, offset }: Affine): tf.Tensor {
  const exampleShape = x.shape.slice(1);
  const width = exampleShape.reduce((product, side) => product * side, 1);
  if (width !== scale.length) {
    throw new StudioError(
      'shape-mismatch',
      `preprocessing: an example has ${width} features, expected the ${scale.length} it was fitted on; ` +
        'use the dataset the run was trained with',
      { found: width, expected: scale.length },
    );
  }
  return tf.tidy(() => {
    let y = tf.cast(x, 'float32');
    if (!scale.every((value) => value === 1)) y = tf.mul(y, toTensor(scale, exampleShape));
    if (!offset.every((value) => value === 0)) y = tf.add(y, toTensor(offset, exampleShape));
    // A cast of a float32 tensor shares its memory; the caller must get one of its own.
    return y === x ? tf.clone(x) : y;
  });
}
