import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StateTensor } from '../../engine/engine.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { PACKED, packGradients, parameterLayout, unpack, updatedTensors } from './packed-parameters.ts';
import { stackStates } from './population-state.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Values that say where they are from. */
function parameter(name: string, shape: readonly number[], first: number): StateTensor {
  const size = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: size }, (_, i) => first + i);
  return { name, role: 'parameter', shape, values };
}

/** A net 1-3-1000-1, whose second weights are large; `first` tells nets apart. */
function netOf(first: number): Pick<PreparedRun, 'step'> {
  const state = [
    parameter('a/weight', [1, 3], first),
    parameter('a/bias', [3], first + 10),
    { ...parameter('a/weight/velocity', [1, 3], 0), role: 'slot' },
    parameter('b/weight', [3, 1_000], first + 20),
    parameter('b/bias', [1_000], first + 10_000),
  ];
  return { step: { state } } as unknown as Pick<PreparedRun, 'step'>;
}

/** The state of a population of nets by name, as tensors. */
function tensorsOf(nets: readonly Pick<PreparedRun, 'step'>[]): Record<string, Tensor> {
  const states = nets.map((net) =>
    updatedTensors(parameterLayout(net)).map((tensor): StateTensor => ({ ...tensor, role: 'buffer' })),
  );
  return Object.fromEntries(
    stackStates(states).map(({ name, shape, values }) => [name, tf.tensor(values, [...shape])]),
  );
}

describe('the parameters of a population', () => {
  const nets = [netOf(0), netOf(100_000)];
  const layout = parameterLayout(nets[0]!);

  it('are updated as one tensor where they are small', () => {
    const shapes = updatedTensors(layout).map(({ name, shape }) => [name, shape]);
    expect(shapes).toEqual([
      ['b/weight', [3, 1_000]],
      [PACKED, [1, 1_006]],
    ]);
  });

  it('are there by their names and shapes, member by member', () => {
    const named = unpack(layout, tensorsOf(nets));
    expect(Object.entries(named).map(([name, { shape }]) => [name, shape])).toEqual([
      ['b/weight', [2, 3, 1_000]],
      ['a/weight', [2, 1, 3]],
      ['a/bias', [2, 1, 3]],
      ['b/bias', [2, 1, 1_000]],
    ]);
    expect([...named['a/bias']!.dataSync()]).toEqual([10, 11, 12, 100_010, 100_011, 100_012]);
    expect(named['b/bias']!.dataSync().slice(999, 1_001)).toEqual(Float32Array.of(10_999, 110_000));
  });

  it('and their gradients take the same places', () => {
    const state = tensorsOf(nets);
    const packed = packGradients(layout, unpack(layout, state));
    expect(Object.keys(packed)).toEqual(Object.keys(state));
    for (const [name, tensor] of Object.entries(packed)) {
      expect([...tensor.dataSync()], name).toEqual([...state[name]!.dataSync()]);
    }
  });

  it('stay as they are where there is nothing to put together', () => {
    const state = [parameter('a/weight', [3, 1_000], 0), parameter('a/bias', [1], 7)];
    const lone = parameterLayout({ step: { state } } as unknown as Pick<PreparedRun, 'step'>);
    expect(updatedTensors(lone).map(({ name, shape }) => [name, shape])).toEqual([
      ['a/weight', [3, 1_000]],
      ['a/bias', [1, 1]],
    ]);
  });
});
