import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelSpec } from '../../shared/schema/model.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { forwardTo, planModel, variableName, type ModelPlan } from '../model/index.ts';
import { receptiveBoxOf, type Box } from './receptive-box.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());

/** Gradient of a place of a layer's map for every pixel, where every weight is 1; of one unit, or of all together. */
function pixelGradients(
  plan: ModelPlan,
  layer: number,
  row: number,
  column: number,
  unit: number | null,
): Float32Array {
  return tf.tidy(() => {
    const state = Object.fromEntries(
      plan.layers.flatMap((each) =>
        each.variables.map((variable) => [variableName(each, variable), tf.ones([...variable.shape])]),
      ),
    );
    const excite = (x: tf.Tensor): tf.Tensor => {
      const output = forwardTo(plan, x, { ops: engine.ops, state }, layer);
      return tf.sum(tf.slice(output, [0, row, column, unit ?? 0], [1, 1, 1, unit === null ? -1 : 1]));
    };
    return tf.sum(tf.grad(excite)(tf.ones([1, ...plan.inputShape])), [0, 3]).dataSync<'float32'>();
  });
}

/** The pixels that a place depends on. */
function dependsOn(plan: ModelPlan, ...place: [number, number, number, number | null]): Box {
  const width = plan.inputShape[1]!;
  const gradients = pixelGradients(plan, ...place);
  const seen = [...gradients.keys()].filter((pixel) => gradients[pixel] !== 0);
  const rows = seen.map((pixel) => Math.floor(pixel / width));
  const columns = seen.map((pixel) => pixel % width);
  return {
    top: Math.min(...rows),
    left: Math.min(...columns),
    bottom: Math.max(...rows) + 1,
    right: Math.max(...columns) + 1,
  };
}

function cut({ top, left, bottom, right }: Box, [height = 0, width = 0]: readonly number[]): Box {
  return {
    top: Math.max(0, top),
    left: Math.max(0, left),
    bottom: Math.min(height, bottom),
    right: Math.min(width, right),
  };
}

function isSame(a: Box, b: Box): boolean {
  return a.top === b.top && a.left === b.left && a.bottom === b.bottom && a.right === b.right;
}

const conv = { kind: 'conv2d', filters: 2 } as const;

/** Average pooling stands for maximum pooling too, which lets the gradient of one pixel through only. */
const nets = {
  'an odd kernel, padded': [{ ...conv, kernelSize: 3 }],
  'an even kernel, whose padding is uneven': [{ ...conv, kernelSize: [4, 2] }],
  'strides with padding that depends on the size': [
    { ...conv, kernelSize: [5, 3], strides: [2, 3] },
    { ...conv, kernelSize: 3, strides: 2 },
  ],
  'no padding': [
    { ...conv, kernelSize: [3, 5], strides: [2, 1], padding: 'valid' },
    { kind: 'average-pool2d', poolSize: 2 },
    { ...conv, kernelSize: 2, padding: 'valid' },
  ],
  dilation: [
    { ...conv, kernelSize: 3, dilation: [2, 3] },
    { ...conv, kernelSize: [2, 3], dilation: 2, padding: 'valid' },
  ],
  'overlapping, padded pooling': [
    { kind: 'average-pool2d', poolSize: 3, strides: 2, padding: 'same' },
    { ...conv, kernelSize: 3, activation: 'linear' },
    { kind: 'batch-norm' },
  ],
  'a residual sum around a wide branch': [
    { ...conv, kernelSize: 3, name: 'first' },
    { ...conv, kernelSize: 5, name: 'wide' },
    { kind: 'add', inputs: ['first', 'wide'] },
    { kind: 'average-pool2d' },
  ],
  'branches side by side, which units keep apart': [
    { ...conv, kernelSize: [1, 7], name: 'flat' },
    { ...conv, kernelSize: [7, 1], name: 'tall', inputs: ['input'] },
    { kind: 'concatenate', inputs: ['flat', 'tall'], name: 'joined' },
    { kind: 'average-pool2d', poolSize: 2, strides: 1, padding: 'same', name: 'pooled' },
    { ...conv, kernelSize: 2, name: 'mixed' },
    { kind: 'concatenate', inputs: ['joined', 'pooled', 'mixed'] },
  ],
};

describe.each(Object.entries(nets))('the receptive field through %s', (_name, layers) => {
  const plan = planModel(modelSpec.parse({ layers }), [13, 16, 1]);
  const isDilated = layers.some((layer) => 'dilation' in layer);

  it('is what the output depends on, at every layer, for all units and for one', () => {
    let compared = 0;
    for (const { index, outputShape } of plan.layers) {
      const [rows = 1, columns = 1, units = 1] = outputShape;
      for (const row of [0, Math.floor(rows / 2), rows - 1]) {
        for (const column of [0, Math.floor(columns / 2), columns - 1]) {
          for (const unit of [null, 0, 2 % units, units - 1]) {
            const box = receptiveBoxOf(plan, index, row, column, unit);
            const inside = cut(box, plan.inputShape);
            // At an edge the gaps between dilated taps may lie between the box and the outermost tap.
            if (isDilated && !isSame(box, inside)) continue;
            expect(inside).toEqual(dependsOn(plan, index, row, column, unit));
            compared++;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(7);
  });
});
