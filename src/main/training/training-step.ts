import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ResidentInput, StateTensor, StepContext, StepResult, TrainingStep } from '../engine/engine.ts';
import type { Measure } from '../metrics/measure.ts';
import { forwardTraining } from '../model/forward.ts';
import { initialiseModel } from '../model/initialise.ts';
import { isSeparable, type ModelPlan } from '../model/plan.ts';
import type { FittedPreprocessing } from '../preprocess/index.ts';
import type { Optimizer } from './optimizers/index.ts';
import { FEATURES, TARGETS } from './resident-inputs.ts';

/** What a training step is made of. */
export interface StepParts {
  readonly plan: ModelPlan;
  readonly preprocessing: FittedPreprocessing;
  /** The loss first. */
  readonly measures: readonly Measure[];
  readonly optimizer: Optimizer;
  readonly inputs: readonly ResidentInput[];
  readonly seed: number;
}

/** The model's variables and, after them, the optimizer's slots of each parameter, which begin at zero. */
function initialState({ plan, optimizer, seed }: StepParts): StateTensor[] {
  const variables = initialiseModel(plan, seed);
  const slots = variables
    .filter((variable) => variable.role === 'parameter')
    .flatMap(({ name, shape, values }) =>
      optimizer.rule.slots.map((slot): StateTensor => ({
        name: `${name}/${slot}`,
        role: 'slot',
        shape,
        values: new Float32Array(values.length),
      })),
    );
  return [...variables, ...slots];
}

/** Tensors that must outlive the gradient's own scope; `take` hands them to the enclosing tidy. */
class Escaping {
  readonly #kept = new Map<string, Tensor>();

  keep(name: string, tensor: Tensor): void {
    this.#kept.set(name, tf.keep(tensor));
  }

  take(): Record<string, Tensor> {
    const taken: Record<string, Tensor> = {};
    for (const [name, tensor] of this.#kept) {
      taken[name] = tf.clone(tensor);
      tensor.dispose();
    }
    this.#kept.clear();
    return taken;
  }
}

const PREDICTION = 'prediction';

function shareOf(mean: Tensor, share: number): Tensor {
  return share === 1 ? mean : tf.mul(mean, share);
}

function runStep(parts: StepParts, parameterNames: readonly string[], context: StepContext): StepResult {
  const { ops, batch, step, share } = context;
  const [loss, ...others] = parts.measures;
  const x = parts.preprocessing.apply(batch[FEATURES]!);
  const targets = batch[TARGETS]!;
  const buffers = new Escaping();
  const outputs = new Escaping();
  const batchLoss = (...parameters: Tensor[]): Tensor => {
    const named = Object.fromEntries(parameterNames.map((name, i) => [name, parameters[i]!]));
    const prediction = forwardTraining(parts.plan, x, {
      ops,
      step,
      state: { ...context.state, ...named },
      seed: parts.seed,
      updateBuffer: (name, value) => buffers.keep(name, value),
    });
    outputs.keep(PREDICTION, prediction);
    return shareOf(tf.mean(loss!.perExample(prediction, targets, ops)), share);
  };
  const { value, grads } = tf.valueAndGrads(batchLoss)(parameterNames.map((name) => context.state[name]!));
  const prediction = outputs.take()[PREDICTION]!;
  return {
    gradients: Object.fromEntries(parameterNames.map((name, i) => [name, grads[i]!])),
    buffers: buffers.take(),
    metrics: [
      value,
      ...others.map((other) => shareOf(tf.mean(other.perExample(prediction, targets, ops)), share)),
    ],
  };
}

/**
 * A whole training step: preparation of the batch, forward pass, mean loss, gradients, and the optimizer's rule. Its
 * metrics are the means of the measures over the batch, before {@link Measure.finish}.
 */
export function createTrainingStep(parts: StepParts): TrainingStep {
  const state = initialState(parts);
  const parameterNames = state.filter(({ role }) => role === 'parameter').map(({ name }) => name);
  return {
    state,
    inputs: parts.inputs,
    scalarNames: Object.keys(parts.optimizer.scalars),
    metricNames: parts.measures.map((measure) => measure.name),
    update: parts.optimizer.rule,
    separable: isSeparable(parts.plan),
    run: (context) =>
      tf.tidy(() => {
        const { gradients, buffers, metrics } = runStep(parts, parameterNames, context);
        // Copied because tidy's type takes no readonly containers.
        return { gradients: { ...gradients }, buffers: { ...buffers }, metrics: [...metrics] };
      }),
  };
}
