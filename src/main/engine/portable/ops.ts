import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { philoxWords } from '../../../shared/random/philox.ts';
import type { EngineOps, MemberRates, RandomKey } from '../engine.ts';

/** All axes of a tensor but the last. */
function leadingAxes(x: Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, axis) => axis);
}

/**
 * Softmax and its cross-entropy from logits, shifted by the row's maximum so that no exponential overflows.
 * @returns softmax [batch, classes] and loss [batch], owned by the caller
 */
function softmaxAndLoss(logits: Tensor, oneHot: Tensor): { softmax: Tensor; loss: Tensor } {
  const shifted = tf.sub(logits, tf.max(logits, -1, true));
  const exponentials = tf.exp(shifted);
  const total = tf.sum(exponentials, -1, true);
  const picked = tf.sum(tf.mul(shifted, oneHot), -1);
  return {
    softmax: tf.div(exponentials, total),
    loss: tf.sub(tf.squeeze(tf.log(total), [-1]), picked),
  };
}

function sparseSoftmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  // Cast: tfjs's wasm backend writes integers whatever type it is asked for.
  const oneHot = tf.cast(tf.oneHot(labels, logits.shape[1]!), 'float32');
  const compute = tf.customGrad((...inputs: (Tensor | tf.GradSaveFunc)[]) => {
    const [scores, save] = inputs as [Tensor, tf.GradSaveFunc];
    const { softmax, loss } = softmaxAndLoss(scores, oneHot);
    save([softmax, oneHot]);
    return {
      value: loss,
      // d loss / d logits = softmax - one-hot, row by row.
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(tf.expandDims(dy, -1), tf.sub(saved[0]!, saved[1]!)),
    };
  });
  return compute(logits);
}

/**
 * Gradients of batch normalisation through the batch's own statistics (Ioffe and Szegedy 2015, section 3):
 * with x^ = (x - mean) / deviation over n rows,
 * dx = scale / deviation * (dy - mean(dy) - x^ * mean(dy * x^)), dScale = sum(dy * x^), dOffset = sum(dy).
 */
function batchNormGradients(
  dy: Tensor,
  standardised: Tensor,
  scaleOverDeviation: Tensor,
): [Tensor, Tensor, Tensor] {
  const axes = leadingAxes(dy);
  const rows = dy.size / scaleOverDeviation.size;
  const offsetGradient = tf.sum(dy, axes);
  const scaleGradient = tf.sum(tf.mul(dy, standardised), axes);
  const throughStatistics = tf.add(offsetGradient, tf.mul(standardised, scaleGradient));
  const centred = tf.sub(dy, tf.mul(throughStatistics, 1 / rows));
  return [tf.mul(centred, scaleOverDeviation), scaleGradient, offsetGradient];
}

function batchNormTraining(x: Tensor, scale: Tensor, offset: Tensor, epsilon: number) {
  const { mean, variance } = tf.moments(x, leadingAxes(x));
  const compute = tf.customGrad((...inputs: (Tensor | tf.GradSaveFunc)[]) => {
    const [values, gamma, beta, save] = inputs as [Tensor, Tensor, Tensor, tf.GradSaveFunc];
    const inverseDeviation = tf.rsqrt(tf.add(variance, epsilon));
    const standardised = tf.mul(tf.sub(values, mean), inverseDeviation);
    save([standardised, tf.mul(gamma, inverseDeviation)]);
    return {
      value: tf.add(tf.mul(standardised, gamma), beta),
      gradFunc: (dy: Tensor, saved: Tensor[]) => batchNormGradients(dy, saved[0]!, saved[1]!),
    };
  });
  return { normalised: compute(x, scale, offset), mean, variance, rows: x.size / scale.size };
}

/** A stream's words of a step become factors of inverted dropout: 0 where a word is below the threshold, else `kept`. */
function fillFactors(
  factors: Float32Array,
  key: RandomKey,
  step: number,
  threshold: number,
  kept: number,
): void {
  const words = new Uint32Array(factors.length);
  philoxWords(key, step, words);
  for (let i = 0; i < factors.length; i++) factors[i] = words[i]! >= threshold ? kept : 0;
}

/**
 * The factors of inverted dropout for `size` activations: 0, or 1 / (1 - rate) where the activation stays.
 * Activation i stays when word i of the step (see `philoxWords`) is at least round(rate * 2^32).
 */
export function dropoutFactors(size: number, rate: number, key: RandomKey, step: number): Float32Array {
  const factors = new Float32Array(size);
  fillFactors(factors, key, step, Math.round(rate * 0x1_0000_0000), 1 / (1 - rate));
  return factors;
}

function dropout(x: Tensor, rate: number, key: RandomKey, step: Tensor): Tensor {
  const factors = dropoutFactors(x.size, rate, key, step.dataSync()[0]!);
  return tf.mul(x, tf.tensor(factors, x.shape));
}

function memberDropout(x: Tensor, keys: readonly RandomKey[], rates: MemberRates, step: Tensor): Tensor {
  const size = x.size / keys.length;
  const [high, low, factor] = [rates.high, rates.low, rates.factor].map((each) => each.dataSync());
  const taken = step.dataSync()[0]!;
  const factors = new Float32Array(x.size);
  keys.forEach((key, member) => {
    const own = factors.subarray(member * size, (member + 1) * size);
    fillFactors(own, key, taken, high![member]! * 0x1_0000 + low![member]!, factor![member]!);
  });
  return tf.mul(x, tf.tensor(factors, x.shape));
}

/** Numbers uniform in [0, 1): the upper 24 bits of each word of the step (see `philoxWords`) times 2^-24. */
export function uniformNumbers(size: number, key: RandomKey, step: number): Float32Array {
  const words = new Uint32Array(size);
  philoxWords(key, step, words);
  return Float32Array.from(words, (word) => (word >>> 8) * 2 ** -24);
}

function randomUniform(shape: readonly number[], key: RandomKey, step: Tensor): Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(uniformNumbers(size, key, step.dataSync()[0]!), [...shape]);
}

/**
 * The engine's operations in plain tfjs ops, right on every backend that runs op by op.
 * Not fit for tracing: random numbers are drawn in JavaScript.
 */
export const portableOps: EngineOps = {
  biasAdd: (x, bias) => tf.add(x, bias),
  sparseSoftmaxCrossEntropy,
  batchNormTraining,
  dropout,
  memberDropout,
  randomUniform,
};
