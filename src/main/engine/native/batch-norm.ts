import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { EngineOps } from '../engine.ts';
import { FLOAT, typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType, type OpAttribute } from './binding.ts';
import { customOp } from './custom-op.ts';
import { DType } from './dtype.ts';
import type { Shard } from './shard.ts';

function attributesOf(epsilon: number): OpAttribute[] {
  return [
    FLOAT,
    typeAttribute('U', DType.float32),
    { name: 'epsilon', type: AttributeType.float, value: epsilon },
    { name: 'is_training', type: AttributeType.bool, value: true },
    { name: 'data_format', type: AttributeType.string, value: 'NHWC' },
  ];
}

/** The fused op wants [batch, height, width, channels]. */
function asImages(x: Tensor): Tensor {
  const channels = x.shape[x.rank - 1]!;
  return x.rank === 4 ? x : tf.reshape(x, [x.size / channels, 1, 1, channels]);
}

function inShapeOf(images: Tensor, x: Tensor): Tensor {
  return x.rank === 4 ? images : tf.reshape(images, x.shape);
}

/**
 * Gradients whose rows are known to add up to zero over the whole batch, as those that come out of a batch normalisation
 * do: a bias before it, which it takes away again, has no gradient but rounding errors.
 */
export type CentredGradients = WeakSet<Tensor>;

/** What TensorFlow's fused op makes of examples by their own statistics. */
interface Normalised {
  readonly y: Tensor;
  readonly mean: Tensor;
  /** Biased. */
  readonly variance: Tensor;
  /** What the gradient op needs again. */
  readonly reserved: readonly Tensor[];
}

/** Runs below tfjs's tape, which would free the mean and the variance with the op's intermediate results. */
function normalise(
  backend: NativeBackend,
  images: Tensor,
  scale: Tensor,
  offset: Tensor,
  epsilon: number,
): Normalised {
  const attributes = attributesOf(epsilon);
  const nothing = tf.tensor1d([]);
  const outputs = backend.run('FusedBatchNormV3', attributes, [images, scale, offset, nothing, nothing], 6);
  const [y, mean, unbiased, ...reserved] = outputs as [Tensor, Tensor, Tensor, ...Tensor[]];
  const rows = images.size / scale.size;
  // TensorFlow gives the variance with Bessel's correction.
  return { y, mean, variance: tf.mul(unbiased, rows > 1 ? (rows - 1) / rows : 1), reserved };
}

function normaliseBatch(
  backend: NativeBackend,
  [x, scale, offset]: readonly [Tensor, Tensor, Tensor],
  epsilon: number,
  centred: CentredGradients,
): ReturnType<EngineOps['batchNormTraining']> {
  const images = asImages(x);
  const { y, mean, variance, reserved } = normalise(backend, images, scale, offset, epsilon);
  const attributes = attributesOf(epsilon);
  const op = customOp(([values, gamma], save) => {
    save([values!, gamma!, ...reserved]);
    return {
      value: tf.clone(y),
      gradFunc: (dy, saved) => {
        const gradients = backend.run('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3);
        centred.add(gradients[0]!);
        return gradients;
      },
    };
  });
  return {
    normalised: inShapeOf(op(images, scale, offset), x),
    mean,
    variance,
    rows: x.size / scale.size,
  };
}

/**
 * A shard's examples, normalised by their own statistics to z, and how z relates to x^, the same examples normalised by
 * the whole batch's: x^ = sign * (ratio * z) + gap. All but z are [channels].
 */
interface LocalNorm {
  readonly z: Tensor;
  /** -1 where the scale is negative, else 1: with it in z, the batch norm's output never falls as z rises. */
  readonly sign: Tensor;
  /** Local deviation / the batch's. */
  readonly ratio: Tensor;
  readonly gap: Tensor;
  /** 1 / deviation of the batch. */
  readonly spread: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

function inverseDeviation(variance: Tensor, epsilon: number): Tensor {
  return tf.rsqrt(tf.add(variance, epsilon));
}

function normaliseLocally(
  backend: NativeBackend,
  images: Tensor,
  scale: Tensor,
  epsilon: number,
  shard: Shard,
): LocalNorm {
  const sign = tf.sub(1, tf.mul(tf.cast(tf.less(scale, 0), 'float32'), 2));
  const local = normalise(backend, images, sign, tf.zerosLike(scale), epsilon);
  const share = 1 / shard.count;
  const mean = tf.mul(shard.sum(local.mean), share);
  const difference = tf.sub(local.mean, mean);
  const variance = tf.mul(shard.sum(tf.add(local.variance, tf.square(difference))), share);
  const spread = inverseDeviation(variance, epsilon);
  const ratio = tf.div(spread, inverseDeviation(local.variance, epsilon));
  return { z: local.y, sign, ratio, gap: tf.mul(difference, spread), spread, mean, variance };
}

/**
 * images * factor + shift: a depthwise convolution of one tap, which oneDNN does in one pass; as products and sums
 * TensorFlow takes two, and copies blocks in each.
 * @returns [rows, channels]: between images, TensorFlow would try to make a following sum a part of it, and fail
 */
function affine(backend: NativeBackend, images: Tensor4D, factor: Tensor, shift: Tensor): Tensor {
  const channels = factor.size;
  const scaled = tf.depthwiseConv2d(images, tf.reshape(factor, [1, 1, channels, 1]), 1, 'valid');
  const [shifted] = backend.run('BiasAdd', [FLOAT], [scaled, shift]);
  return tf.reshape(shifted!, [-1, channels]);
}

type SavedForGradient = [
  z: Tensor4D,
  scale: Tensor,
  sign: Tensor,
  ratio: Tensor,
  gap: Tensor,
  spread: Tensor,
];

/**
 * The gradients of portable/ops.ts, with sums over all shards, in terms of z: with n rows in all,
 * dx = scale / deviation * (dy - sum(dy) / n - x^ * sum(dy * x^) / n).
 * @returns of x, and the shard's shares of those of scale and offset
 */
function shardGradients(
  backend: NativeBackend,
  dy: Tensor,
  saved: readonly Tensor[],
  shard: Shard,
): Tensor[] {
  const [z, scale, sign, ratio, gap, spread] = saved as SavedForGradient;
  const sumOfRows = (images: Tensor): Tensor => backend.run('BiasAddGrad', [FLOAT], [images])[0]!;
  const signedRatio = tf.mul(sign, ratio);
  const dOffset = sumOfRows(dy);
  const dScale = tf.add(tf.mul(signedRatio, sumOfRows(tf.mul(dy, z))), tf.mul(gap, dOffset));
  const slope = tf.mul(scale, spread);
  const rows = (dy.size / scale.size) * shard.count;
  const ofScale = tf.mul(tf.mul(slope, -1 / rows), shard.sum(dScale));
  const ofOffset = tf.mul(tf.mul(slope, -1 / rows), shard.sum(dOffset));
  const through = affine(backend, z, tf.mul(ofScale, signedRatio), tf.add(ofOffset, tf.mul(ofScale, gap)));
  const direct = tf.reshape(tf.mul(dy, slope), through.shape);
  return [tf.reshape(tf.add(direct, through), dy.shape), dScale, dOffset];
}

/** One shard's part of the normalisation of a whole batch. */
function normaliseShard(
  backend: NativeBackend,
  [x, scale, offset]: readonly [Tensor, Tensor, Tensor],
  epsilon: number,
  centred: CentredGradients,
  shard: Shard,
): ReturnType<EngineOps['batchNormTraining']> {
  const images = asImages(x);
  const local = tf.tidy(() => ({ ...normaliseLocally(backend, images, scale, epsilon, shard) }));
  const { z, sign, ratio, gap, spread, mean, variance } = local;
  const op = customOp(([, gamma, beta], save) => {
    save([z, gamma!, sign, ratio, gap, spread]);
    const slope = tf.abs(tf.mul(gamma!, ratio));
    return {
      value: tf.add(tf.mul(z, slope), tf.add(tf.mul(gamma!, gap), beta!)),
      gradFunc: (dy, saved) => {
        const gradients = shardGradients(backend, dy, saved, shard);
        centred.add(gradients[0]!);
        return gradients;
      },
    };
  });
  const rows = (x.size / scale.size) * shard.count;
  return { normalised: inShapeOf(op(images, scale, offset), x), mean, variance, rows };
}

/** Batch normalisation whose statistics are the whole batch's, though a step sees a shard of it. */
export function makeBatchNorm(
  backend: NativeBackend,
  shard: Shard | null,
  centred: CentredGradients,
): EngineOps['batchNormTraining'] {
  return (x, scale, offset, epsilon) =>
    shard
      ? normaliseShard(backend, [x, scale, offset], epsilon, centred, shard)
      : normaliseBatch(backend, [x, scale, offset], epsilon, centred);
}
