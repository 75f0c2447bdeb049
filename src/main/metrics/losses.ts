import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LossKind } from '../../shared/schema/training.ts';
import { splitGaussian } from './gaussian.ts';
import { encodeTargets, type PerExample, type PredictionTask } from './measure.ts';

/** What changes a loss besides its kind. */
export interface LossOptions {
  /** A weight per class in label order; null where all count the same. */
  readonly classWeights: readonly number[] | null;
  /** Share of the target spread evenly over all classes; the softmax losses' only. */
  readonly labelSmoothing: number;
}

/** A loss; that of a batch is the sum of `perExample` divided by the sum of `weightOf`, as in PyTorch. */
export interface Loss {
  /** Already multiplied by the example's weight. */
  readonly perExample: PerExample;
  /** Weight of each example, [batch] float32, from its target; null where each counts one. */
  readonly weightOf: ((targets: Tensor) => Tensor) | null;
}

const plain: LossOptions = { classWeights: null, labelSmoothing: 0 };

type LossFactory = (task: PredictionTask) => PerExample;

/** -sum over classes of target * log softmax(logits), the target a one-hot vector. */
const oneHotCrossEntropy: LossFactory = (task) => (logits, labels) => {
  const target = encodeTargets(labels, task);
  return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), -1));
};

const losses = {
  /** -log softmax(logits)[label] */
  'sparse-softmax-cross-entropy': () => (logits, labels, ops) =>
    ops.sparseSoftmaxCrossEntropy(logits, labels),

  'one-hot-softmax-cross-entropy': oneHotCrossEntropy,

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

  /** (log variance + (target - mean)^2 / variance) / 2 (Nix and Weigend 1994), without the density's constant. */
  'gaussian-negative-log-likelihood': (task) => (prediction, targets) => {
    const { mean, variance } = splitGaussian(prediction);
    const residual = tf.sub(encodeTargets(targets, task), mean);
    const terms = tf.add(tf.log(variance), tf.div(tf.square(residual), variance));
    return tf.mul(tf.reshape(terms, [-1]), 0.5);
  },
} as const satisfies Readonly<Record<LossKind, LossFactory>>;

function isSoftmaxLoss(kind: LossKind): boolean {
  return kind === 'sparse-softmax-cross-entropy' || kind === 'one-hot-softmax-cross-entropy';
}

/**
 * Cross-entropy with the smoothed target (1 - s) onehot + s / classes (Szegedy et al. 2016). With class weights w every
 * term of its sum over classes has its own, sum of -w[c] target[c] log softmax[c], as PyTorch defines it.
 */
function smoothedCrossEntropy(
  task: PredictionTask,
  { classWeights, labelSmoothing }: LossOptions,
): PerExample {
  return (logits, labels) => {
    const onehot = encodeTargets(labels, task);
    const target = tf.add(tf.mul(onehot, 1 - labelSmoothing), labelSmoothing / task.classCount);
    const terms = tf.mul(target, tf.logSoftmax(logits));
    const weighted = classWeights === null ? terms : tf.mul(terms, tf.tensor1d([...classWeights]));
    return tf.neg(tf.sum(weighted, -1));
  };
}

/** The loss of each example of one head; the cross-entropies take logits. */
export function createLoss(kind: LossKind, task: PredictionTask, options: LossOptions = plain): Loss {
  const { classWeights } = options;
  const weightOf =
    classWeights === null ? null : (labels: Tensor) => tf.gather(tf.tensor1d([...classWeights]), labels);
  if (options.labelSmoothing > 0 && isSoftmaxLoss(kind)) {
    return { perExample: smoothedCrossEntropy(task, options), weightOf };
  }
  const unweighted: PerExample = losses[kind](task);
  if (weightOf === null) return { perExample: unweighted, weightOf };
  return {
    perExample: (prediction, labels, ops) => tf.mul(unweighted(prediction, labels, ops), weightOf(labels)),
    weightOf,
  };
}
