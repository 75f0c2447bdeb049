import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { GradientClipping } from '../../shared/schema/training.ts';
import type { ResidentInput, StateTensor, StepContext, StepResult, TrainingStep } from '../engine/engine.ts';
import {
  headLosses,
  headMetrics,
  inOrder,
  isObjectiveSeparable,
  totalLoss,
  type MixedBatch,
  type Objective,
} from '../metrics/objective.ts';
import { forwardTraining } from '../model/forward.ts';
import { initialiseModel } from '../model/initialise.ts';
import type { ModelPlan } from '../model/plan.ts';
import type { Augmentation, FittedPreprocessing } from '../preprocess/index.ts';
import { createClipping } from './gradient-clipping.ts';
import type { Optimizer } from './optimizers/index.ts';
import { FEATURES, targetInput } from './resident-inputs.ts';

/** What a training step is made of. */
export interface StepParts {
  readonly plan: ModelPlan;
  readonly preprocessing: Pick<FittedPreprocessing, 'apply'>;
  /** Null for none. */
  readonly augmentation: Augmentation | null;
  readonly objective: Objective;
  /** Of the dataset's targets, in their order. */
  readonly targetNames: readonly string[];
  readonly optimizer: Optimizer;
  /** Null for none. */
  readonly gradientClipping: GradientClipping | null;
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
    for (const [name, tensor] of this.#kept) taken[name] = tf.clone(tensor);
    // Only now, because one tensor may be kept under two names.
    tf.dispose([...this.#kept.values()]);
    this.#kept.clear();
    return taken;
  }
}

/** A batch's targets by position; undefined where a target is not used. */
export function batchTargets(
  batch: Readonly<Record<string, Tensor>>,
  targetNames: readonly string[],
): readonly (Tensor | undefined)[] {
  return targetNames.map((name) => batch[targetInput(name)]);
}

function shareOf(mean: Tensor, share: number): Tensor {
  return share === 1 ? mean : tf.mul(mean, share);
}

/** A batch as the model is to see it. */
function prepareBatch({ preprocessing, augmentation }: StepParts, { batch, ops, step }: StepContext) {
  const x = preprocessing.apply(batch[FEATURES]!);
  return augmentation?.apply(x, { ops, step }) ?? { x, mix: null };
}

/** What a batch comes to under the present parameters. */
interface Pass {
  readonly total: Tensor;
  /** By parameter name. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** New values by buffer name. */
  readonly buffers: Readonly<Record<string, Tensor>>;
  /** By head. */
  readonly losses: readonly Tensor[];
  readonly predictions: readonly Tensor[];
}

type Seen = Omit<MixedBatch, 'predictions'>;

/** Forward pass, the heads' losses and the gradients of their sum. */
function differentiate(
  { plan, objective, seed }: StepParts,
  parameterNames: readonly string[],
  { ops, step, state, share }: StepContext,
  x: Tensor,
  seen: Seen,
): Pass {
  const buffers = new Escaping();
  const outputs = new Escaping();
  const batchLoss = (...parameters: Tensor[]): Tensor => {
    const named = Object.fromEntries(parameterNames.map((name, i) => [name, parameters[i]!]));
    const updateBuffer = (name: string, value: Tensor) => buffers.keep(name, value);
    const context = { ops, step, seed, updateBuffer, state: { ...state, ...named } };
    const predictions = forwardTraining(plan, x, context);
    const losses = headLosses(objective, { ...seen, predictions });
    predictions.forEach((prediction, head) => outputs.keep(`prediction ${head}`, prediction));
    // Copies, because the only head's loss is itself the value returned, which must stay.
    losses.forEach((loss, head) => outputs.keep(`loss ${head}`, tf.clone(loss)));
    return shareOf(totalLoss(objective, losses), share);
  };
  const { value, grads } = tf.valueAndGrads(batchLoss)(parameterNames.map((name) => state[name]!));
  const kept = outputs.take();
  return {
    total: value,
    gradients: Object.fromEntries(parameterNames.map((name, i) => [name, grads[i]!])),
    buffers: buffers.take(),
    losses: plan.heads.map((_, head) => shareOf(kept[`loss ${head}`]!, share)),
    predictions: plan.heads.map((_, head) => kept[`prediction ${head}`]!),
  };
}

function runStep(parts: StepParts, parameterNames: readonly string[], context: StepContext): StepResult {
  const { ops, batch, share } = context;
  const { x, mix } = prepareBatch(parts, context);
  const seen: Seen = { targets: batchTargets(batch, parts.targetNames), mix, ops };
  const pass = differentiate(parts, parameterNames, context, x, seen);
  const metrics = headMetrics(parts.objective, { ...seen, predictions: pass.predictions });
  const shares = metrics.map((ofHead) => ofHead.map((metric) => shareOf(metric, share)));
  return {
    gradients: pass.gradients,
    buffers: pass.buffers,
    metrics: inOrder(parts.objective, pass.total, pass.losses, shares),
  };
}

/**
 * A whole training step: preparation and augmentation of the batch, forward pass, the heads' mean losses, gradients,
 * and the optimizer's rule. Its metrics are the means of the measures over the batch, before `finish`.
 */
export function createTrainingStep(parts: StepParts): TrainingStep {
  const state = initialState(parts);
  const parameterNames = state.filter(({ role }) => role === 'parameter').map(({ name }) => name);
  const finishGradients = createClipping(parts.gradientClipping);
  return {
    state,
    inputs: parts.inputs,
    scalarNames: Object.keys(parts.optimizer.scalars),
    metricNames: parts.objective.measures.map((measure) => measure.name),
    update: parts.optimizer.rule,
    separable: parts.augmentation?.separable !== false && isObjectiveSeparable(parts.objective),
    ...(finishGradients === undefined ? {} : { finishGradients }),
    run: (context) =>
      tf.tidy(() => {
        const { gradients, buffers, metrics } = runStep(parts, parameterNames, context);
        // Copied because tidy's type takes no readonly containers.
        return { gradients: { ...gradients }, buffers: { ...buffers }, metrics: [...metrics] };
      }),
  };
}
