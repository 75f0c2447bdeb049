import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingCall } from '../engine/engine.ts';
import { planCall, type CallLayout } from './call-plan.ts';
import { epochOrder, EpochOrders } from './epoch-order.ts';

function planEpoch(order: Int32Array, layout: CallLayout): TrainingCall[] {
  const calls: TrainingCall[] = [];
  for (let position = 0, step = 7; ;) {
    const call = planCall(order, position, step, layout, { t: (at) => at });
    if (call === null) return calls;
    calls.push(call);
    position += call.indices.length;
    step += call.steps;
  }
}

const layouts = fc.record({
  batchSize: fc.integer({ min: 1, max: 20 }),
  stepsPerCall: fc.integer({ min: 1, max: 9 }),
  dropLastBatch: fc.boolean(),
});

describe('planCall', () => {
  it('takes every example once and in order, the last batch alone or not at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), layouts, (examples, layout) => {
        const order = epochOrder(
          Int32Array.from({ length: examples }, (_, i) => i),
          1,
          1,
        );
        const calls = planEpoch(order, layout);
        const rest = examples % layout.batchSize;
        const expected = layout.dropLastBatch ? order.slice(0, examples - rest) : order;
        expect(calls.flatMap(({ indices }) => [...indices])).toEqual([...expected]);
        for (const { indices, steps, batchSize } of calls) {
          expect(indices.length).toBe(steps * batchSize);
          expect(steps).toBeLessThanOrEqual(layout.stepsPerCall);
        }
        const small = calls.filter(({ batchSize }) => batchSize !== layout.batchSize);
        expect(small).toEqual(layout.dropLastBatch || rest === 0 ? [] : [calls.at(-1)]);
      }),
    );
  });

  it('gives each step its own scalars, counted from 1 over the whole run', () => {
    const layout = { batchSize: 2, stepsPerCall: 3, dropLastBatch: false };
    const calls = planEpoch(new Int32Array(9), layout);
    expect(calls.map(({ firstStep }) => firstStep)).toEqual([7, 10, 11]);
    expect(calls.map(({ scalars }) => [...scalars.t!])).toEqual([[8, 9, 10], [11], [12]]);
  });
});

describe('epoch orders', () => {
  const rows = Int32Array.from({ length: 100 }, (_, i) => 3 * i);

  it('are permutations of the training rows, another for each epoch and seed', () => {
    const order = epochOrder(rows, 1, 1);
    expect([...order].sort((a, b) => a - b)).toEqual([...rows]);
    expect(order).not.toEqual(rows);
    expect(epochOrder(rows, 1, 2)).not.toEqual(order);
    expect(epochOrder(rows, 2, 1)).not.toEqual(order);
  });

  it('do not depend on which epochs were asked for before', () => {
    const orders = new EpochOrders(rows, 1);
    orders.prepare(3);
    orders.take(1);
    expect(orders.take(3)).toEqual(epochOrder(rows, 1, 3));
  });
});
