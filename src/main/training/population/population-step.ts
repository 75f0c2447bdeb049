import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { streamKey } from '../../../shared/random/stream.ts';
import type {
  EngineOps,
  EvaluationStep,
  RandomKey,
  StateTensor,
  StepContext,
  StepResult,
  TrainingStep,
  UpdateRule,
} from '../../engine/engine.ts';
import { applyActivation } from '../../model/layers/activation.ts';
import type { PlannedLayer } from '../../model/plan.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { FEATURES } from '../resident-inputs.ts';
import { batchTargets } from '../training-step.ts';
import { packGradients, parameterLayout, unpack, type ParameterLayout } from './packed-parameters.ts';
import type { PopulationRule } from './population-rule.ts';
import { OFFSET, rateNames, SCALE } from './population-state.ts';

/** Examples that count in a step's batches; rows after them are there to fill the batch. */
export const ROWS = 'rows';

/** Many nets of one key (see `populationKey`) as one training step and one evaluation step. */
export interface PopulationSteps {
  /**
   * Of batches [members * batchSize], member after member, of which each member's first {@link ROWS} count; its metrics
   * are the members' losses.
   */
  readonly step: TrainingStep;
  /** Of batches [members * dev examples]: the sums of each measure, of all members one measure after the other. */
  readonly evaluation: EvaluationStep;
}

export interface PopulationOptions {
  /** Any net of the key: what all of them have in common. */
  readonly like: PreparedRun;
  /** The members' seeds, of which their dropout is drawn. */
  readonly seeds: readonly number[];
  readonly rule: PopulationRule;
  /** Of so many members, as they begin. */
  readonly state: readonly StateTensor[];
}

/** The step makes its updates itself. */
const NO_UPDATE: UpdateRule = {
  slots: [],
  apply: ({ parameter }) => ({ parameter: tf.clone(parameter), slots: [] }),
  fused: null,
};

interface Seen {
  readonly ops: EngineOps;
  readonly state: Readonly<Record<string, Tensor>>;
}

/** Raw examples [members * rows, ...] as each net is to see them, [members, rows, features]. */
function prepare(members: number, examples: Tensor, { state }: Seen): Tensor {
  const rows = examples.shape[0] / members;
  const flat = tf.reshape(tf.cast(examples, 'float32'), [members, rows, examples.size / examples.shape[0]]);
  return tf.add(tf.mul(flat, state[SCALE]!), state[OFFSET]!);
}

/** Each net's own inverted dropout, as it would be alone. */
function drop(
  seeds: readonly number[],
  layer: string,
  input: Tensor,
  { ops, step, state }: StepContext,
): Tensor {
  const keys = seeds.map((seed): RandomKey => streamKey(seed, 'dropout', layer));
  const names = rateNames(layer);
  const rates = {
    high: state[names.high]!,
    low: state[names.low]!,
    factor: state[names.factor]!,
  };
  return ops.memberDropout(input, keys, rates, step);
}

/** @param dropout what a dropout layer does to its input */
function forward(
  layers: readonly PlannedLayer[],
  x: Tensor,
  state: Readonly<Record<string, Tensor>>,
  dropout: (layer: string, input: Tensor) => Tensor,
): Tensor {
  return layers.reduce((input, { spec, name }) => {
    if (spec.kind === 'activation') return applyActivation(spec.activation, input, spec.negativeSlope);
    if (spec.kind === 'dropout') return dropout(name, input);
    if (spec.kind !== 'dense') return input;
    const product: Tensor = tf.matMul(input, state[`${name}/weight`]!);
    const sum = spec.useBias ? tf.add(product, state[`${name}/bias`]!) : product;
    return applyActivation(spec.activation, sum, spec.negativeSlope);
  }, x);
}

/** [members, rows, outputs] as one long batch. */
function asRows(outputs: Tensor): Tensor {
  return tf.reshape(outputs, [-1, outputs.shape.at(-1)!]);
}

/** 1 / rows for each example that counts, 0 for those that fill the batch: [1, batchSize]. */
function shares(batchSize: number, rows: Tensor): Tensor {
  const counts = tf.less(tf.range(0, batchSize, 1, 'float32'), rows);
  return tf.reshape(tf.div(tf.cast(counts, 'float32'), rows), [1, batchSize]);
}

/** The members' mean losses [members], and the gradient of each member's loss for its own parameters, by name. */
function differentiate(
  { like, seeds }: PopulationOptions,
  parameters: Readonly<Record<string, Tensor>>,
  context: StepContext,
) {
  const { plan, parts } = like;
  const names = Object.keys(parameters);
  const x = prepare(seeds.length, context.batch[FEATURES]!, context);
  const batchSize = x.shape[1]!;
  const share = shares(batchSize, context.scalars[ROWS]!);
  const [head] = parts.objective.heads;
  const target = batchTargets(context.batch, parts.targetNames)[head!.targetIndex]!;
  let losses: Tensor | null = null;
  const total = (...values: Tensor[]): Tensor => {
    const named = Object.fromEntries(names.map((name, at) => [name, values[at]!]));
    const outputs = forward(plan.layers, x, { ...context.state, ...named }, (layer, input) =>
      drop(seeds, layer, input, context),
    );
    const perExample = head!.loss.perExample(asRows(outputs), target, context.ops);
    const means = tf.sum(tf.mul(tf.reshape(perExample, [seeds.length, batchSize]), share), 1);
    losses = tf.keep(tf.clone(means));
    return tf.sum(means);
  };
  const { grads } = tf.valueAndGrads(total)(Object.values(parameters));
  const kept = tf.clone(losses!);
  tf.dispose(losses!);
  return { losses: kept, gradients: Object.fromEntries(names.map((name, at) => [name, grads[at]!])) };
}

function trainPopulation(
  options: PopulationOptions,
  layout: ParameterLayout,
  context: StepContext,
): StepResult {
  const { rule } = options;
  const { state, scalars } = context;
  const { losses, gradients } = differentiate(options, unpack(layout, state), context);
  const numbers = {
    learningRate: state.learningRate!,
    weightDecay: state.weightDecay!,
    momentum: state.momentum!,
  };
  const buffers: Record<string, Tensor> = {};
  for (const [name, gradient] of Object.entries(packGradients(layout, gradients))) {
    const moments = rule.moments.map((moment) => state[`${name}/${moment}`]!);
    const next = rule.apply({ parameter: state[name]!, gradient, moments, numbers, scalars });
    buffers[name] = next.parameter;
    rule.moments.forEach((moment, slot) => (buffers[`${name}/${moment}`] = next.moments[slot]!));
  }
  return { gradients: {}, buffers, metrics: tf.unstack(losses) };
}

function createEvaluation({ like, seeds }: PopulationOptions, layout: ParameterLayout): EvaluationStep {
  const { plan, parts } = like;
  const members = seeds.length;
  const [head] = parts.objective.heads;
  const measured = [head!.loss, ...head!.metrics];
  const names = ['loss', ...head!.metrics.map(({ name }) => name)];
  return {
    inputs: like.evaluation.dev.inputs,
    metricNames: names.flatMap((name) => seeds.map((_, member) => `${name} of member ${member}`)),
    run: (context) =>
      tf.tidy(() => {
        const x = prepare(members, context.batch[FEATURES]!, context);
        const parameters = unpack(layout, context.state);
        const prediction = asRows(forward(plan.layers, x, parameters, (_, input) => input));
        const target = batchTargets(context.batch, parts.targetNames)[head!.targetIndex]!;
        return measured.flatMap(({ perExample }) => {
          const values = tf.mul(perExample(prediction, target, context.ops), context.weights);
          return tf.unstack(tf.sum(tf.reshape(values, [members, -1]), 1));
        });
      }),
  };
}

/** Puts nets together. Their states may later be replaced by those of other nets of the key and the same seeds. */
export function createPopulation(options: PopulationOptions): PopulationSteps {
  const { like, seeds, rule, state } = options;
  const layout = parameterLayout(like);
  const step: TrainingStep = {
    state,
    inputs: like.step.inputs,
    scalarNames: [...Object.keys(rule.scalars), ROWS],
    metricNames: seeds.map((_, member) => `loss of member ${member}`),
    update: NO_UPDATE,
    run: (context) =>
      tf.tidy(() => {
        const { buffers, metrics } = trainPopulation(options, layout, context);
        return { gradients: {}, buffers: { ...buffers }, metrics: [...metrics] };
      }),
  };
  return { step, evaluation: createEvaluation(options, layout) };
}
