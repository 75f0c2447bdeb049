import * as tf from '@tensorflow/tfjs-core';
import type { EvaluationStep, ResidentInput } from '../engine/engine.ts';
import { evaluationSums } from '../metrics/objective.ts';
import { forwardInference } from '../model/forward.ts';
import { FEATURES } from './resident-inputs.ts';
import { batchTargets, type StepParts } from './training-step.ts';

/**
 * The measures of a model as it is used, each as the weighted sum over a batch.
 * @param lossScales by head: see `weightScale`; made for the rows that will be evaluated
 */
export function createEvaluationStep(
  parts: Pick<StepParts, 'plan' | 'preprocessing' | 'objective' | 'targetNames'>,
  inputs: readonly ResidentInput[],
  lossScales: readonly number[],
): EvaluationStep {
  return {
    inputs,
    metricNames: parts.objective.measures.map((measure) => measure.name),
    run: ({ ops, state, batch, weights }) =>
      tf.tidy(() => {
        const x = parts.preprocessing.apply(batch[FEATURES]!);
        const predictions = forwardInference(parts.plan, x, { ops, state });
        const targets = batchTargets(batch, parts.targetNames);
        return [...evaluationSums(parts.objective, { predictions, targets, ops }, weights, lossScales)];
      }),
  };
}
