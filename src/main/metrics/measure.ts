import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { MetricName } from '../../shared/schema/training.ts';
import type { EngineOps } from '../engine/engine.ts';

/** What a model is asked to predict. */
export interface PredictionTask {
  /** Classes of a classification; 0 for a regression. */
  readonly classCount: number;
  /** Numbers the model gives per example. */
  readonly outputCount: number;
}

/**
 * A value per example, [batch] float32. Prediction [batch, outputs]; targets are labels int32 [batch]
 * (classification) or float32 [batch, outputs] (regression). Inputs are borrowed, the result is the caller's tidy's.
 */
export type PerExample = (prediction: Tensor, targets: Tensor, ops: EngineOps) => Tensor;

/** One number measured over a set of examples: a mean over them, then perhaps a function of the mean. */
export interface Measure {
  readonly name: MetricName;
  readonly perExample: PerExample;
  /** From the mean over all examples to the measure itself, in float64. */
  finish(mean: number): number;
}

/**
 * Targets to compare numbers with: regression targets as they are; labels as 0 or 1 for a model with one output, and
 * as one-hot vectors otherwise. [batch, outputs] float32.
 */
export function encodeTargets(targets: Tensor, task: PredictionTask): Tensor {
  if (task.classCount === 0) return targets;
  if (task.outputCount === 1) return tf.reshape(tf.cast(targets, 'float32'), [targets.size, 1]);
  return tf.cast(tf.oneHot(targets as Tensor1D, task.outputCount), 'float32');
}
