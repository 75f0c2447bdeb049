import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { PreparedRun } from '../prepare-run.ts';

/** Name of the tensor that holds a net's small parameters, [members, 1, elements]. */
export const PACKED = 'packed';

/** Larger parameters stay as they are: a product would have to copy its operand out of the packed ones at every step. */
const MOST_ELEMENTS = 2_048;

/** A parameter of a net with the axes it has in a population but the first: a bias has one for the batch. */
export interface PopulationParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The parameters of nets of one kind: an update is a handful of operations on each of `own`, and on all of `packed`. */
export interface ParameterLayout {
  readonly own: readonly PopulationParameter[];
  /** Side by side in this order. */
  readonly packed: readonly PopulationParameter[];
}

const sizeOf = ({ values }: PopulationParameter): number => values.length;

/** What is one tensor and what is a part of the packed one: the same for all nets of a population. */
export function parameterLayout({ step }: Pick<PreparedRun, 'step'>): ParameterLayout {
  const parameters = step.state
    .filter(({ role }) => role === 'parameter')
    .map(({ name, shape, values }) => ({
      name,
      shape: shape.length === 1 ? [1, ...shape] : shape,
      values,
    }));
  const packed = parameters.filter((parameter) => sizeOf(parameter) <= MOST_ELEMENTS);
  if (packed.length < 2) return { own: parameters, packed: [] };
  return { own: parameters.filter((parameter) => !packed.includes(parameter)), packed };
}

/** What an update works on: each large parameter, and the packed ones as one. */
export function updatedTensors({ own, packed }: ParameterLayout): PopulationParameter[] {
  if (packed.length === 0) return [...own];
  const values = new Float32Array(packed.reduce((sum, parameter) => sum + sizeOf(parameter), 0));
  let offset = 0;
  for (const parameter of packed) {
    values.set(parameter.values, offset);
    offset += sizeOf(parameter);
  }
  return [...own, { name: PACKED, shape: [1, values.length], values }];
}

/** Every parameter by its name, [members, ...]; those of `own` are the state's, the others belong to the caller. */
export function unpack(
  { own, packed }: ParameterLayout,
  state: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const named = Object.fromEntries(own.map(({ name }) => [name, state[name]!]));
  let offset = 0;
  for (const parameter of packed) {
    const all = state[PACKED]!;
    const members = all.shape[0];
    const part = tf.slice(all, [0, 0, offset], [members, 1, sizeOf(parameter)]);
    named[parameter.name] = tf.reshape(part, [members, ...parameter.shape]);
    offset += sizeOf(parameter);
  }
  return named;
}

/** Gradients by the names of {@link updatedTensors}, out of those of every parameter. */
export function packGradients(
  { own, packed }: ParameterLayout,
  gradients: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const named = Object.fromEntries(own.map(({ name }) => [name, gradients[name]!]));
  if (packed.length === 0) return named;
  const parts = packed.map(({ name }) => tf.reshape(gradients[name]!, [gradients[name]!.shape[0], 1, -1]));
  return { ...named, [PACKED]: tf.concat(parts, 2) };
}
