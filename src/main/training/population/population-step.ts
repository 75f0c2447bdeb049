import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { streamKey } from '../../../shared/random/stream.ts';
import type {
  EngineOps,
  EvaluationStep,
  StateTensor,
  StepContext,
  StepResult,
  TrainingStep,
} from '../../engine/engine.ts';
import { applyActivation } from '../../model/layers/activation.ts';
import type { PlannedLayer } from '../../model/plan.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { FEATURES } from '../resident-inputs.ts';
import { batchTargets } from '../training-step.ts';
import { numbersOf } from './numbers.ts';
import { createPopulationRule, NUMBER_SLOTS, type PopulationRule } from './population-rule.ts';

/** Names of the members' own preparation, [members, 1, features] each. */
const SCALE = 'preparation/scale';
const OFFSET = 'preparation/offset';

/** Many nets of one key (see `populationKey`) as one training step and one evaluation step. */
export interface Population {
  readonly members: readonly PreparedRun[];
  readonly rule: PopulationRule;
  /** Of batches [members * batchSize], member after member; its metrics are the members' losses. */
  readonly step: TrainingStep;
  /** Of batches [members * dev examples]: the sums of each measure, of all members one measure after the other. */
  readonly evaluation: EvaluationStep;
}

/** [members, ...] of the values of one tensor in each member's state; a bias gets an axis for the batch. */
function stacked(states: readonly (readonly StateTensor[])[], at: number): StateTensor {
  const { name, role, shape } = states[0]![at]!;
  const size = states[0]![at]!.values.length;
  const values = new Float32Array(states.length * size);
  states.forEach((state, member) => values.set(state[at]!.values, member * size));
  const inner = shape.length === 1 ? [1, ...shape] : shape;
  return { name, role, shape: [states.length, ...inner], values };
}

function filled(name: string, like: StateTensor): StateTensor {
  return { name, role: 'slot', shape: like.shape, values: new Float32Array(like.values.length) };
}

/** One number for each member, the same for every parameter. */
function numberSlots(parameter: StateTensor, members: readonly PreparedRun[]): StateTensor[] {
  const numbers = members.map(numbersOf);
  return NUMBER_SLOTS.map((slot) => ({
    name: `${parameter.name}/${slot}`,
    role: 'slot',
    shape: [members.length, 1, 1],
    values: Float32Array.from(numbers, (own) => own[slot]),
  }));
}

function preparationState(members: readonly PreparedRun[]): StateTensor[] {
  const stored = members.map(({ preprocessing }) => preprocessing.toJSON());
  const width = stored[0]!.scale.length;
  const shape = [members.length, 1, width];
  const rows = (of: 'scale' | 'offset'): Float32Array => Float32Array.from(stored.flatMap((one) => one[of]));
  return [
    { name: SCALE, role: 'buffer', shape, values: rows('scale') },
    { name: OFFSET, role: 'buffer', shape, values: rows('offset') },
  ];
}

/** The variables of every net as it begins, and the optimizer's slots. */
function initialState(members: readonly PreparedRun[], rule: PopulationRule): StateTensor[] {
  const states = members.map(({ step }) => step.state.filter(({ role }) => role !== 'slot'));
  const variables = states[0]!.map((_, at) => stacked(states, at));
  const slots = variables
    .filter(({ role }) => role === 'parameter')
    .flatMap((parameter) => [
      ...rule.momentSlots.map((slot) => filled(`${parameter.name}/${slot}`, parameter)),
      ...numberSlots(parameter, members),
    ]);
  return [...variables, ...preparationState(members), ...slots];
}

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

/** Each net's own inverted dropout, as it would be alone: the mask is made of its own key and rate. */
function dropoutMasks(
  members: readonly PreparedRun[],
  layer: PlannedLayer,
  rows: number,
  { ops, step }: Pick<StepContext, 'ops' | 'step'>,
): Tensor {
  const ones: Tensor = tf.ones([rows, layer.outputShape[0]!]);
  const masks = members.map(({ seed, plan }) => {
    const { spec, name } = plan.layers[layer.index]!;
    return ops.dropout(ones, spec.kind === 'dropout' ? spec.rate : 0, streamKey(seed, 'dropout', name), step);
  });
  return tf.stack(masks);
}

function isDropping(members: readonly PreparedRun[], layer: PlannedLayer): boolean {
  return members.some(({ plan }) => {
    const { spec } = plan.layers[layer.index]!;
    return spec.kind === 'dropout' && spec.rate > 0;
  });
}

/** @param masks by layer index; empty where the nets are used rather than trained */
function forward(
  layers: readonly PlannedLayer[],
  x: Tensor,
  state: Readonly<Record<string, Tensor>>,
  masks: ReadonlyMap<number, Tensor>,
): Tensor {
  return layers.reduce((input, { spec, name, index }) => {
    if (spec.kind === 'activation') return applyActivation(spec.activation, input, spec.negativeSlope);
    const mask = masks.get(index);
    if (mask !== undefined) return tf.mul(input, mask);
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

/** What each layer is called in the first net; the others' variables are stacked under the same names. */
function trainPopulation(
  members: readonly PreparedRun[],
  parameterNames: readonly string[],
  context: StepContext,
): StepResult {
  const { plan, parts } = members[0]!;
  const x = prepare(members.length, context.batch[FEATURES]!, context);
  const rows = x.shape[1]!;
  const dropping = plan.layers.filter((layer) => isDropping(members, layer));
  const masks = new Map(dropping.map((layer) => [layer.index, dropoutMasks(members, layer, rows, context)]));
  const [head] = parts.objective.heads;
  const target = batchTargets(context.batch, parts.targetNames)[head!.targetIndex]!;
  let losses: Tensor | null = null;
  const total = (...parameters: Tensor[]): Tensor => {
    const named = Object.fromEntries(parameterNames.map((name, at) => [name, parameters[at]!]));
    const prediction = asRows(forward(plan.layers, x, { ...context.state, ...named }, masks));
    const perExample = head!.loss.perExample(prediction, target, context.ops);
    const means = tf.mean(tf.reshape(perExample, [members.length, rows]), 1);
    losses = tf.keep(tf.clone(means));
    return tf.sum(means);
  };
  const { grads } = tf.valueAndGrads(total)(parameterNames.map((name) => context.state[name]!));
  const kept = losses!;
  const metrics = tf.unstack(tf.clone(kept));
  kept.dispose();
  return {
    gradients: Object.fromEntries(parameterNames.map((name, at) => [name, grads[at]!])),
    buffers: {},
    metrics,
  };
}

function createEvaluation(members: readonly PreparedRun[]): EvaluationStep {
  const [first] = members as readonly [PreparedRun, ...PreparedRun[]];
  const { plan, parts } = first;
  const [head] = parts.objective.heads;
  const measured = [head!.loss, ...head!.metrics];
  const names = ['loss', ...head!.metrics.map(({ name }) => name)];
  return {
    inputs: first.evaluation.dev.inputs,
    metricNames: names.flatMap((name) => members.map((_, member) => `${name} of member ${member}`)),
    run: (context) =>
      tf.tidy(() => {
        const x = prepare(members.length, context.batch[FEATURES]!, context);
        const prediction = asRows(forward(plan.layers, x, context.state, new Map()));
        const target = batchTargets(context.batch, parts.targetNames)[head!.targetIndex]!;
        return measured.flatMap(({ perExample }) => {
          const values = tf.mul(perExample(prediction, target, context.ops), context.weights);
          return tf.unstack(tf.sum(tf.reshape(values, [members.length, -1]), 1));
        });
      }),
  };
}

/**
 * Puts nets together; the data is shared with the first one.
 * @param members of one key, at least one
 */
export function createPopulation(members: readonly PreparedRun[]): Population {
  const [first] = members as readonly [PreparedRun, ...PreparedRun[]];
  const rule = createPopulationRule(first.experiment.training.optimizer);
  const state = initialState(members, rule);
  const parameterNames = state.filter(({ role }) => role === 'parameter').map(({ name }) => name);
  const step: TrainingStep = {
    state,
    inputs: first.step.inputs,
    scalarNames: Object.keys(rule.scalars),
    metricNames: members.map((_, member) => `loss of member ${member}`),
    update: rule.rule,
    run: (context) =>
      tf.tidy(() => {
        const { gradients, metrics } = trainPopulation(members, parameterNames, context);
        return { gradients: { ...gradients }, buffers: {}, metrics: [...metrics] };
      }),
  };
  return { members, rule, step, evaluation: createEvaluation(members) };
}
