import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LossKind, MetricName } from '../../shared/schema/training.ts';
import { splitGaussian } from './gaussian.ts';
import {
  encodeLabels,
  inOriginalUnit,
  type HeadMetric,
  type PerExample,
  type PredictionTask,
} from './measure.ts';

const identity = (mean: number): number => mean;

/** The class a prediction names: the largest output, or with one output whether it is above the threshold. */
function predictedClass(prediction: Tensor, threshold: number): Tensor {
  if (prediction.shape.at(-1) !== 1) return tf.argMax(prediction, -1);
  return tf.cast(tf.reshape(tf.greater(prediction, threshold), [-1]), 'int32');
}

/** 1 where the right class is named, else 0. */
function createAccuracy(loss: LossKind): PerExample {
  // A logit of 0 and a probability of one half say the same.
  const threshold = loss === 'binary-cross-entropy' ? 0 : 0.5;
  return (prediction, labels) => tf.cast(tf.equal(predictedClass(prediction, threshold), labels), 'float32');
}

/** 1 where fewer than `k` classes come before the right one, else 0; among equals the lower label comes first. */
function createTopAccuracy(k: number, task: PredictionTask): PerExample {
  return (prediction, labels) => {
    const onehot = encodeLabels(labels, task);
    const own = tf.sum(tf.mul(prediction, onehot), -1, true);
    const isLower = tf.less(tf.range(0, task.classCount, 1, 'int32'), tf.reshape(labels, [-1, 1]));
    const before = tf.logicalOr(
      tf.greater(prediction, own),
      tf.logicalAnd(tf.equal(prediction, own), isLower),
    );
    return tf.cast(tf.less(tf.sum(tf.cast(before, 'float32'), -1), k), 'float32');
  };
}

type Distance = (difference: Tensor) => Tensor;

/** Mean over the outputs of a distance between prediction and target, both in the target's own unit. */
function createError(distance: Distance, loss: LossKind, task: PredictionTask): PerExample {
  const pointOf = (prediction: Tensor): Tensor =>
    loss === 'gaussian-negative-log-likelihood' ? splitGaussian(prediction).mean : prediction;
  return (prediction, targets) => {
    const point = inOriginalUnit(pointOf(prediction), task);
    return tf.mean(distance(tf.sub(point, encodeLabels(targets, task))), -1);
  };
}

function createMetric(name: Exclude<MetricName, 'loss'>, loss: LossKind, task: PredictionTask): HeadMetric {
  switch (name) {
    case 'accuracy':
      return { name, perExample: createAccuracy(loss), finish: identity };
    case 'top-5-accuracy':
      return { name, perExample: createTopAccuracy(5, task), finish: identity };
    case 'mean-absolute-error':
      return {
        name,
        perExample: createError((difference) => tf.abs(difference), loss, task),
        finish: identity,
      };
    case 'root-mean-squared-error':
      return {
        name,
        perExample: createError((difference) => tf.square(difference), loss, task),
        finish: Math.sqrt,
      };
    default:
      return name satisfies never;
  }
}

/** Classes that a metric needs at least to say anything; 0 for one of numbers. */
function fitsTask(name: MetricName, { classCount }: PredictionTask): boolean {
  if (name === 'top-5-accuracy') return classCount > 5;
  return name !== 'accuracy' || classCount > 1;
}

/** The metrics asked for that a head of this task has, each once and without the loss. */
export function chooseMetrics(
  loss: LossKind,
  metrics: readonly MetricName[],
  task: PredictionTask,
): HeadMetric[] {
  return [...new Set(metrics)]
    .filter((name) => name !== 'loss')
    .filter((name) => fitsTask(name, task))
    .map((name) => createMetric(name, loss, task));
}
