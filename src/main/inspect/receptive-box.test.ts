import { describe, expect, it } from 'vitest';
import { modelSpec } from '../../shared/schema/model.ts';
import { planModel, type ModelPlan } from '../model/index.ts';
import { receptiveBoxOf, type Box } from './receptive-box.ts';

function planOf(layers: readonly object[], shape: readonly number[] = [13, 11, 1]): ModelPlan {
  return planModel(modelSpec.parse({ layers }), shape);
}

/** Positions under one output position of a window along one side, with `same` or `valid` padding. */
function under(
  n: number,
  at: number,
  size: number,
  stride: number,
  dilation: number,
  same: boolean,
): number[] {
  const extent = (size - 1) * dilation + 1;
  const count = Math.ceil((same ? n : n - extent + 1) / stride);
  const before = same ? Math.floor(Math.max(0, (count - 1) * stride + extent - n) / 2) : 0;
  return Array.from({ length: size }, (_, tap) => at * stride - before + tap * dilation);
}

describe('the part of an image that a unit sees', () => {
  it('is, along a chain of windows, what a walk tap by tap comes to', () => {
    const chain = [
      { kind: 'conv2d', filters: 2, kernelSize: 3, strides: 2 },
      { kind: 'max-pool2d', poolSize: 2, strides: 1, padding: 'same' },
      { kind: 'conv2d', filters: 2, kernelSize: 3, dilation: 2, padding: 'valid' },
    ];
    const plan = planOf(chain);
    const sides = [13, 7, 7];
    for (const at of [0, 1, 2]) {
      let rows = [at];
      rows = rows.flatMap((row) => under(sides[2]!, row, 3, 1, 2, false));
      rows = rows.flatMap((row) => under(sides[1]!, row, 2, 1, 1, true));
      rows = rows.flatMap((row) => under(sides[0]!, row, 3, 2, 1, true));
      const { top, bottom } = receptiveBoxOf(plan, 2, at, 0);
      expect([top, bottom]).toEqual([Math.min(...rows), Math.max(...rows) + 1]);
    }
  });

  it('is one pixel of layers that work place by place, and all of it behind a flat layer', () => {
    const plan = planOf([
      { kind: 'activation', activation: 'relu' },
      { kind: 'batch-norm' },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
    ]);
    const pixel: Box = { top: 4, left: 6, bottom: 5, right: 7 };
    expect(receptiveBoxOf(plan, 1, 4, 6)).toEqual(pixel);
    expect(receptiveBoxOf(plan, 3, 0, 0)).toEqual({ top: 0, left: 0, bottom: 13, right: 11 });
  });

  it('holds what all branches see', () => {
    const plan = planOf([
      { kind: 'conv2d', name: 'wide', filters: 1, kernelSize: [1, 7], inputs: ['input'] },
      { kind: 'conv2d', name: 'tall', filters: 1, kernelSize: [5, 1], inputs: ['input'] },
      { kind: 'add', inputs: ['wide', 'tall'] },
    ]);
    expect(receptiveBoxOf(plan, 2, 6, 5)).toEqual({ top: 4, left: 2, bottom: 9, right: 9 });
  });
});
