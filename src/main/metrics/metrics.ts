import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LossKind, MetricName } from '../../shared/schema/training.ts';
import { createLoss } from './losses.ts';
import type { Measure, PerExample, PredictionTask } from './measure.ts';

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

function createMeasure(name: MetricName, loss: LossKind, task: PredictionTask): Measure {
  switch (name) {
    case 'loss':
      return { name, perExample: createLoss(loss, task), finish: identity };
    case 'accuracy':
      return { name, perExample: createAccuracy(loss), finish: identity };
    case 'mean-absolute-error':
      return { name, perExample: createLoss('mean-absolute-error', task), finish: identity };
    case 'root-mean-squared-error':
      return { name, perExample: createLoss('mean-squared-error', task), finish: Math.sqrt };
    default:
      return name satisfies never;
  }
}

/** The loss first, then the other metrics asked for, each once. */
export function chooseMeasures(
  loss: LossKind,
  metrics: readonly MetricName[],
  task: PredictionTask,
): Measure[] {
  return [...new Set<MetricName>(['loss', ...metrics])].map((name) => createMeasure(name, loss, task));
}
