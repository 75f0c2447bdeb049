import * as tf from '@tensorflow/tfjs-core';
import type { EvaluationStep, ResidentInput } from '../engine/engine.ts';
import { forwardInference } from '../model/forward.ts';
import { FEATURES, TARGETS } from './resident-inputs.ts';
import type { StepParts } from './training-step.ts';

/** The measures of a model as it is used, each as the weighted sum over a batch. */
export function createEvaluationStep(
  parts: Pick<StepParts, 'plan' | 'preprocessing' | 'measures'>,
  inputs: readonly ResidentInput[],
): EvaluationStep {
  return {
    inputs,
    metricNames: parts.measures.map((measure) => measure.name),
    run: ({ ops, state, batch, weights }) =>
      tf.tidy(() => {
        const x = parts.preprocessing.apply(batch[FEATURES]!);
        const prediction = forwardInference(parts.plan, x, { ops, state });
        return parts.measures.map((measure) =>
          tf.sum(tf.mul(measure.perExample(prediction, batch[TARGETS]!, ops), weights)),
        );
      }),
  };
}
