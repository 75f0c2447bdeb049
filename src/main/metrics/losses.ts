import * as tf from '@tensorflow/tfjs-core';
import type { LossKind } from '../../shared/schema/training.ts';
import { encodeTargets, type PerExample, type PredictionTask } from './measure.ts';

type LossFactory = (task: PredictionTask) => PerExample;

const losses = {
  /** -log softmax(logits)[label] */
  'sparse-softmax-cross-entropy': () => (logits, labels, ops) =>
    ops.sparseSoftmaxCrossEntropy(logits, labels),

  /** -sum over classes of target * log softmax(logits), the target a one-hot vector. */
  'one-hot-softmax-cross-entropy': (task) => (logits, labels) => {
    const target = encodeTargets(labels, task);
    return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), -1));
  },

  /**
   * -log sigmoid(x) for label 1, -log(1 - sigmoid(x)) for label 0: softplus((1 - 2 label) x) in both cases, which
   * neither overflows nor cancels.
   */
  'binary-cross-entropy': (task) => (logits, labels) => {
    const sign = tf.sub(1, tf.mul(encodeTargets(labels, task), 2));
    return tf.reshape(tf.softplus(tf.mul(sign, logits)), [-1]);
  },

  /** Mean over the outputs of (prediction - target)^2. */
  'mean-squared-error': (task) => (prediction, targets) =>
    tf.mean(tf.square(tf.sub(prediction, encodeTargets(targets, task))), -1),

  /** Mean over the outputs of |prediction - target|. */
  'mean-absolute-error': (task) => (prediction, targets) =>
    tf.mean(tf.abs(tf.sub(prediction, encodeTargets(targets, task))), -1),
} as const satisfies Readonly<Record<LossKind, LossFactory>>;

/** The loss of each example; a batch's loss is their mean. The cross-entropies take logits. */
export function createLoss(kind: LossKind, task: PredictionTask): PerExample {
  return losses[kind](task);
}
