import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { EngineOps } from '../engine.ts';
import { FLOAT, typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType, type OpAttribute } from './binding.ts';
import { customOp } from './custom-op.ts';
import { DType } from './dtype.ts';
import type { Shard } from './shard.ts';

function attributesOf(epsilon: number, isTraining: boolean): OpAttribute[] {
  return [
    FLOAT,
    typeAttribute('U', DType.float32),
    { name: 'epsilon', type: AttributeType.float, value: epsilon },
    { name: 'is_training', type: AttributeType.bool, value: isTraining },
    { name: 'data_format', type: AttributeType.string, value: 'NHWC' },
  ];
}

/** The fused op wants [batch, height, width, channels]. */
function asImages(x: Tensor): Tensor {
  const channels = x.shape[x.rank - 1]!;
  return x.rank === 4 ? x : tf.reshape(x, [x.size / channels, 1, 1, channels]);
}

/** By TensorFlow's fused op. Outputs: y, mean, unbiased variance, and what the gradient op needs again. */
function normaliseBatch(
  backend: NativeBackend,
  [x, scale, offset]: readonly [Tensor, Tensor, Tensor],
  epsilon: number,
): ReturnType<EngineOps['batchNormTraining']> {
  const attributes = attributesOf(epsilon, true);
  const images = asImages(x);
  // Run below tfjs's tape, which would free the mean and the variance with the op's intermediate results.
  const nothing = tf.tensor1d([]);
  const outputs = backend.run('FusedBatchNormV3', attributes, [images, scale, offset, nothing, nothing], 6);
  const op = customOp(([values, gamma], save) => {
    save([values!, gamma!, outputs[3]!, outputs[4]!, outputs[5]!]);
    return {
      value: tf.clone(outputs[0]!),
      gradFunc: (dy, saved) => backend.run('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3),
    };
  });
  const normalised = tf.reshape(op(images, scale, offset), x.shape);
  const rows = x.size / scale.size;
  // TensorFlow gives the variance with Bessel's correction.
  const bessel = rows > 1 ? (rows - 1) / rows : 1;
  return { normalised, mean: outputs[1]!, variance: tf.mul(outputs[2]!, bessel), rows };
}

function sumOfRows(backend: NativeBackend, images: Tensor): Tensor {
  return backend.run('BiasAddGrad', [FLOAT], [images])[0]!;
}

/** Mean and biased variance of each channel over the rows of all shards. */
function momentsOverShards(
  backend: NativeBackend,
  images: Tensor,
  shard: Shard,
  rows: number,
): [mean: Tensor, variance: Tensor] {
  const mean = tf.mul(shard.sum(sumOfRows(backend, images)), 1 / rows);
  const squares = backend.run('SquaredDifference', [FLOAT], [images, mean])[0]!;
  return [mean, tf.mul(shard.sum(sumOfRows(backend, squares)), 1 / rows)];
}

/** values * factor + shift; the fused op takes three times as long on one core. */
function affine(values: Tensor, factor: Tensor, shift: Tensor): Tensor {
  return tf.add(tf.mul(values, factor), shift);
}

/**
 * One shard's part of the normalisation of a whole batch: statistics, and the sums in the gradient (see
 * portable/ops.ts), run over all shards. scale and offset get the shard's own share of their gradients.
 */
function normaliseShard(
  backend: NativeBackend,
  [x, scale, offset]: readonly [Tensor, Tensor, Tensor],
  epsilon: number,
  shard: Shard,
): ReturnType<EngineOps['batchNormTraining']> {
  const images = asImages(x);
  const rows = (x.size / scale.size) * shard.count;
  const [mean, variance] = tf.tidy(() => momentsOverShards(backend, images, shard, rows));
  const op = customOp(([values, gamma, beta], save) => {
    const factor = tf.mul(gamma!, tf.rsqrt(tf.add(variance, epsilon)));
    save([values!, gamma!, mean, variance, factor]);
    return {
      value: affine(values!, factor, tf.sub(beta!, tf.mul(mean, factor))),
      gradFunc: (dy, saved) => shardGradients(backend, dy, saved, epsilon, shard, rows),
    };
  });
  return { normalised: tf.reshape(op(images, scale, offset), x.shape), mean, variance, rows };
}

function shardGradients(
  backend: NativeBackend,
  dy: Tensor,
  saved: readonly Tensor[],
  epsilon: number,
  shard: Shard,
  rows: number,
): Tensor[] {
  const [images, gamma, mean, variance, factor] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
  // As if mean and variance were constants: dy * scale / deviation, sum(dy * x^), sum(dy).
  const inputs = [dy, images, gamma, mean, variance, tf.tensor1d([])];
  const [direct, dScale, dOffset] = backend.run(
    'FusedBatchNormGradV3',
    attributesOf(epsilon, false),
    inputs,
    5,
  ) as [Tensor, Tensor, Tensor];
  const through = tf.mul(factor, -1 / rows);
  const slope = tf.mul(tf.mul(through, tf.rsqrt(tf.add(variance, epsilon))), shard.sum(dScale));
  const shift = tf.sub(tf.mul(through, shard.sum(dOffset)), tf.mul(mean, slope));
  return [tf.add(direct, affine(images, slope, shift)), dScale, dOffset];
}

/** Batch normalisation whose statistics are the whole batch's, though a step sees a shard of it. */
export function makeBatchNorm(backend: NativeBackend, shard: Shard | null): EngineOps['batchNormTraining'] {
  return (x, scale, offset, epsilon) =>
    shard
      ? normaliseShard(backend, [x, scale, offset], epsilon, shard)
      : normaliseBatch(backend, [x, scale, offset], epsilon);
}
