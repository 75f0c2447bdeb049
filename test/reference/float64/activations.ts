import type { ActivationKind } from '../../../src/shared/schema/model.ts';
import { map, side, type Array64 } from './array.ts';

/** Softmax over the last axis, straight from its definition (the reference's inputs are small). */
export function softmax(x: Array64): Array64 {
  const width = side(x, -1);
  const total = (row: number) => {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) sum += Math.exp(x.values[i]!);
    return sum;
  };
  return map(x, (value, index) => Math.exp(value) / total(Math.floor(index / width)));
}

const elementwise = {
  linear: (x) => x,
  relu: (x) => (x > 0 ? x : 0),
  relu6: (x) => (x < 0 ? 0 : x > 6 ? 6 : x),
  'leaky-relu': (x, slope) => (x > 0 ? x : slope * x),
  elu: (x) => (x > 0 ? x : Math.exp(x) - 1),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log(1 + Math.exp(x)),
} as const satisfies Record<Exclude<ActivationKind, 'softmax'>, (x: number, slope: number) => number>;

export function activate(kind: ActivationKind, x: Array64, negativeSlope: number): Array64 {
  if (kind === 'softmax') return softmax(x);
  return map(x, (value) => elementwise[kind](value, negativeSlope));
}
