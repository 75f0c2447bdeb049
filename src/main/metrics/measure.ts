import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { MetricName } from '../../shared/schema/training.ts';
import type { EngineOps } from '../engine/engine.ts';
import type { FittedTarget } from '../preprocess/index.ts';

/** What one head of a model is asked to predict. */
export interface PredictionTask {
  /** Classes of a classification; 0 for a regression. */
  readonly classCount: number;
  /** Numbers the head gives per example. */
  readonly outputCount: number;
  /** How a regression's target is prepared, and the way back; left out where it is trained on as it is. */
  readonly target?: Pick<FittedTarget, 'apply' | 'invert'>;
}

/**
 * A value per example, [batch] float32. Prediction [batch, outputs]; targets as the dataset has them: labels int32
 * [batch] (classification) or float32 [batch, 1] (regression). Inputs are borrowed, the result is the caller's tidy's.
 */
export type PerExample = (prediction: Tensor, targets: Tensor, ops: EngineOps) => Tensor;

/** One number measured over a set of examples, as a curve shows it: a function of the mean over them. */
export interface Measure {
  /** Of the curve, e.g. "accuracy" or "digit/accuracy". */
  readonly name: string;
  /** From the mean over all examples to the measure itself, in float64. */
  finish(mean: number): number;
}

/** What is measured of one head besides its loss. */
export interface HeadMetric extends Measure {
  readonly name: MetricName;
  readonly perExample: PerExample;
}

/**
 * Labels to compare numbers with: 0 or 1 for a model with one output, one-hot vectors otherwise; a regression's targets
 * stay as they are. [batch, outputs] float32.
 */
export function encodeLabels(targets: Tensor, task: PredictionTask): Tensor {
  if (task.classCount === 0) return targets;
  if (task.outputCount === 1) return tf.reshape(tf.cast(targets, 'float32'), [targets.size, 1]);
  return tf.cast(tf.oneHot(targets as Tensor1D, task.outputCount), 'float32');
}

/** What a loss compares the prediction with: {@link encodeLabels}, and a regression's targets prepared. */
export function encodeTargets(targets: Tensor, task: PredictionTask): Tensor {
  return task.target === undefined ? encodeLabels(targets, task) : task.target.apply(targets);
}

/** A prediction in the target's own unit. */
export function inOriginalUnit(prediction: Tensor, task: PredictionTask): Tensor {
  return task.target === undefined ? prediction : task.target.invert(prediction);
}
