import type { StateRole, StateTensor } from '../../engine/engine.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { numbersOf } from './numbers.ts';
import { parameterLayout, updatedTensors } from './packed-parameters.ts';
import type { PopulationRule } from './population-rule.ts';

/** Names of the members' own preparation, [members, 1, features] each. */
export const SCALE = 'preparation/scale';
export const OFFSET = 'preparation/offset';
/** Names of the members' own numbers, [members, 1, 1] each. */
export const NUMBERS = ['learningRate', 'weightDecay', 'momentum'] as const;

const HALF_WORD = 0x1_0000;

/** Names of a dropout layer's rates, [members, 1, 1] each: see `MemberRates`. */
export function rateNames(layer: string): { high: string; low: string; factor: string } {
  return { high: `${layer}/rate high`, low: `${layer}/rate low`, factor: `${layer}/rate factor` };
}

/** One tensor of a net, with the axes it has in a population but the first. */
function tensor(
  name: string,
  shape: readonly number[],
  values: Float32Array,
  // The population's step updates its parameters itself, so that all share the members' numbers.
  role: StateRole = 'buffer',
): StateTensor {
  return { name, role, shape, values };
}

function number(name: string, value: number): StateTensor {
  return tensor(name, [1, 1], Float32Array.of(value));
}

/** What is updated, with its moments. */
function variablesOf(run: PreparedRun, { moments }: PopulationRule): StateTensor[] {
  return updatedTensors(parameterLayout(run)).flatMap(({ name, shape, values }) => {
    const zeros = moments.map((moment) =>
      tensor(`${name}/${moment}`, shape, new Float32Array(values.length), 'slot'),
    );
    return [tensor(name, shape, values), ...zeros];
  });
}

function ratesOf({ plan }: PreparedRun): StateTensor[] {
  return plan.layers.flatMap(({ spec, name }) => {
    if (spec.kind !== 'dropout') return [];
    const threshold = Math.round(spec.rate * HALF_WORD * HALF_WORD);
    const names = rateNames(name);
    return [
      number(names.high, Math.floor(threshold / HALF_WORD)),
      number(names.low, threshold % HALF_WORD),
      number(names.factor, 1 / (1 - spec.rate)),
    ];
  });
}

/** What a net brings into a population when it begins. */
export function memberState(run: PreparedRun, rule: PopulationRule): StateTensor[] {
  const { scale, offset } = run.preprocessing.toJSON();
  const own = numbersOf(run);
  return [
    ...variablesOf(run, rule),
    tensor(SCALE, [1, scale.length], Float32Array.from(scale)),
    tensor(OFFSET, [1, offset.length], Float32Array.from(offset)),
    ...NUMBERS.map((name) => number(name, own[name])),
    ...ratesOf(run),
  ];
}

/** Nets' states as one, [members, ...]. All have the same tensors in the same order. */
export function stackStates(states: readonly (readonly StateTensor[])[]): StateTensor[] {
  return states[0]!.map(({ name, role, shape, values: { length } }, at) => {
    const values = new Float32Array(states.length * length);
    states.forEach((state, member) => values.set(state[at]!.values, member * length));
    return { name, role, shape: [states.length, ...shape], values };
  });
}

/** A net's part of a population's state; a copy. */
export function takeState(population: readonly StateTensor[], member: number): StateTensor[] {
  return population.map(({ name, role, shape: [members, ...shape], values }) => {
    const size = values.length / members!;
    return { name, role, shape, values: values.slice(member * size, (member + 1) * size) };
  });
}
