import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { MetricName } from '../../shared/schema/training.ts';
import type { EngineOps } from '../engine/engine.ts';
import type { ResolvedHead } from '../model/heads.ts';
import type { BatchMix, FittedTarget } from '../preprocess/index.ts';
import { createLoss, type Loss, type LossOptions } from './losses.ts';
import type { HeadMetric, Measure, PerExample, PredictionTask } from './measure.ts';
import { chooseMetrics } from './metrics.ts';

/** One head as it is judged. */
export interface JudgedHead {
  /** Position among the dataset's targets. */
  readonly targetIndex: number;
  /** Its share in the sum of losses. */
  readonly weight: number;
  readonly loss: Loss;
  readonly metrics: readonly HeadMetric[];
}

/** What a model is trained for, and what is measured of it. */
export interface Objective {
  /** In the order of the model's heads. */
  readonly heads: readonly JudgedHead[];
  /**
   * What is measured, in the order in which steps yield it: the loss, the first head's metrics and, of a model that
   * names its heads, each head's loss and metrics under its name.
   */
  readonly measures: readonly Measure[];
}

/** What an experiment says of the objective. */
export interface ObjectiveOptions extends LossOptions {
  /** Measured besides the loss, of each head that has it. */
  readonly metrics: readonly MetricName[];
  /** Of the main target. */
  readonly target: FittedTarget;
}

function judge(head: ResolvedHead, options: ObjectiveOptions): JudgedHead {
  const { classes, kind } = head.targetInfo;
  const isMain = head.targetIndex === 0;
  const isPrepared = isMain && kind === 'number' && !options.target.isIdentity;
  const task: PredictionTask = {
    classCount: classes.length,
    outputCount: head.outputCount,
    ...(isPrepared ? { target: options.target } : {}),
  };
  const classWeights = isMain ? options.classWeights : null;
  return {
    targetIndex: head.targetIndex,
    weight: head.weight,
    loss: createLoss(head.loss, task, { ...options, classWeights }),
    metrics: chooseMetrics(head.loss, options.metrics, task),
  };
}

const lossMeasure = (name: string): Measure => ({ name, finish: (mean) => mean });

function namedMeasures(name: string, { metrics }: JudgedHead): Measure[] {
  const ofMetrics = metrics.map((metric): Measure => ({
    name: `${name}/${metric.name}`,
    finish: (mean) => metric.finish(mean),
  }));
  return [lossMeasure(`${name}/loss`), ...ofMetrics];
}

/** The objective of a model's heads, at least one. */
export function createObjective(resolved: readonly ResolvedHead[], options: ObjectiveOptions): Objective {
  const heads = resolved.map((head) => judge(head, options));
  const named = resolved.flatMap(({ name }, i) => (name === null ? [] : namedMeasures(name, heads[i]!)));
  return { heads, measures: [lossMeasure('loss'), ...heads[0]!.metrics, ...named] };
}

/** Can parts of a batch be judged apart, their means adding up to the whole batch's? Weighted means cannot. */
export function isObjectiveSeparable({ heads }: Objective): boolean {
  return heads.every(({ loss }) => loss.weightOf === null);
}

/** A batch's outputs and what they are compared with; all borrowed. */
export interface JudgedBatch {
  /** By head. */
  readonly predictions: readonly Tensor[];
  /** By target of the dataset; those that no head predicts may be missing. */
  readonly targets: readonly (Tensor | undefined)[];
  readonly ops: EngineOps;
}

/** A batch whose examples' targets may be mixtures of two. */
export interface MixedBatch extends JudgedBatch {
  readonly mix: BatchMix | null;
}

/** share * value of the own target + (1 - share) * value of the partner's. */
function overMixture(targets: Tensor, mix: BatchMix | null, valueOf: (targets: Tensor) => Tensor): Tensor {
  const own = valueOf(targets);
  if (mix === null) return own;
  const partners = valueOf(tf.gather(targets, mix.partner));
  return tf.add(partners, tf.mul(mix.share, tf.sub(own, partners)));
}

function perExample(measure: PerExample, batch: MixedBatch, head: number, target: number): Tensor {
  const prediction = batch.predictions[head]!;
  return overMixture(batch.targets[target]!, batch.mix, (targets) => measure(prediction, targets, batch.ops));
}

/** The loss of each head over the batch, scalars. */
export function headLosses({ heads }: Objective, batch: MixedBatch): readonly Tensor[] {
  return heads.map(({ loss, targetIndex }, head) => {
    const values = perExample(loss.perExample, batch, head, targetIndex);
    if (loss.weightOf === null) return tf.mean(values);
    const weights = overMixture(batch.targets[targetIndex]!, batch.mix, loss.weightOf);
    return tf.div(tf.sum(values), tf.sum(weights));
  });
}

/** The sum that is trained on, from {@link headLosses}. */
export function totalLoss({ heads }: Objective, losses: readonly Tensor[]): Tensor {
  const shares = losses.map((loss, head) => {
    const { weight } = heads[head]!;
    return weight === 1 ? loss : tf.mul(loss, weight);
  });
  return shares.reduce((sum, share) => tf.add(sum, share));
}

/** A batch's metrics, by head and in the order of its metrics: means over the batch, before `finish`. */
export function headMetrics({ heads }: Objective, batch: MixedBatch): readonly (readonly Tensor[])[] {
  return heads.map(({ metrics, targetIndex }, head) =>
    metrics.map((metric) => tf.mean(perExample(metric.perExample, batch, head, targetIndex))),
  );
}

/**
 * Numbers of each head in the order of {@link Objective.measures}. A tensor that stands there twice is the same one.
 * @param losses by head
 * @param metrics by head
 */
export function inOrder(
  { heads, measures }: Objective,
  total: Tensor,
  losses: readonly Tensor[],
  metrics: readonly (readonly Tensor[])[],
): readonly Tensor[] {
  const plain = [total, ...metrics[0]!];
  if (measures.length === plain.length) return plain;
  return [...plain, ...heads.flatMap((_, head) => [losses[head]!, ...metrics[head]!])];
}

/**
 * Every measure as the sum over a batch of weight * value.
 * @param weights float32 [batch]; 0 marks padding
 * @param lossScales by head, from {@link lossScales}
 */
export function evaluationSums(
  objective: Objective,
  batch: JudgedBatch,
  weights: Tensor,
  lossScales: readonly number[],
): readonly Tensor[] {
  const sumOf = (measure: PerExample, head: number, scale = 1): Tensor => {
    const prediction = batch.predictions[head]!;
    const targets = batch.targets[objective.heads[head]!.targetIndex]!;
    const sum = tf.sum(tf.mul(measure(prediction, targets, batch.ops), weights));
    return scale === 1 ? sum : tf.mul(sum, scale);
  };
  const losses = objective.heads.map(({ loss }, head) => sumOf(loss.perExample, head, lossScales[head]));
  const metrics = objective.heads.map((head, i) => head.metrics.map((metric) => sumOf(metric.perExample, i)));
  return inOrder(objective, totalLoss(objective, losses), losses, metrics);
}
