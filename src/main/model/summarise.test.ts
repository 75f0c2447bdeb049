import { describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import { modelSpec, type ModelSpec } from '../../shared/schema/model.ts';
import type { z } from 'zod';
import { summariseModel } from './summarise.ts';

type LayerInput = z.input<typeof modelSpec>['layers'][number];

function model(...layers: LayerInput[]): ModelSpec {
  return modelSpec.parse({ layers });
}

function failureOf(action: () => unknown): StudioError {
  try {
    action();
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

const greyImage = [28, 28, 1];
const flatten: LayerInput = { kind: 'flatten' };
const dense = (units: number): LayerInput => ({ kind: 'dense', units });

describe('parameter counts', () => {
  // The counts of the published reports (experiments.md: E2, E3).
  it.each([
    [[128], 101_770],
    [[128, 128], 118_282],
    [[128, 128, 128], 134_794],
    [[8, 8, 8, 8, 8, 8], 6_730],
  ])('counts an MLP with hidden layers %j', (hidden, expected) => {
    const spec = model(flatten, ...hidden.map(dense), dense(10));
    expect(summariseModel(spec, greyImage).parameterCount).toBe(expected);
  });

  // E6: 3x3 same convolutions, each with a 2x2 pool that pads.
  it.each([
    [[32], 63_050],
    [[32, 64], 50_186],
    [[32, 64, 128, 256], 398_090],
  ])('counts a CNN with filters %j', (filters, expected) => {
    const blocks = filters.flatMap((count): LayerInput[] => [
      { kind: 'conv2d', filters: count, kernelSize: 3 },
      { kind: 'max-pool2d', padding: 'same' },
    ]);
    const summary = summariseModel(model(...blocks, flatten, dense(10)), greyImage);
    expect(summary.parameterCount).toBe(expected);
  });

  it('counts running statistics, but not as trainable', () => {
    const summary = summariseModel(model({ kind: 'batch-norm' }), [7, 7, 3]);
    expect(summary.parameterCount).toBe(4 * 3);
    expect(summary.trainableCount).toBe(2 * 3);
  });

  it('leaves out the bias where there is none', () => {
    const summary = summariseModel(model({ kind: 'dense', units: 5, useBias: false }), [3]);
    expect(summary.parameterCount).toBe(15);
  });
});

describe('the net of report K', () => {
  const conv = (filters: number): LayerInput => ({ kind: 'conv2d', filters, kernelSize: 5 });
  const pool: LayerInput = { kind: 'max-pool2d' };
  const spec = model(conv(32), pool, conv(64), pool, conv(64), pool, flatten, dense(1000), dense(10));
  const { layers, parameterCount } = summariseModel(spec, [32, 32, 3]);

  it('has 1,191,170 parameters', () => {
    expect(parameterCount).toBe(1_191_170);
    expect(layers.map((layer) => layer.parameterCount)).toEqual([
      2_432, 0, 51_264, 0, 102_464, 0, 0, 1_025_000, 10_010,
    ]);
  });

  it('sees 5x5 pixels after the first convolution and 14x14 after the second', () => {
    expect(layers.slice(0, 6).map((layer) => layer.receptiveField)).toEqual([
      [5, 5],
      [6, 6],
      [14, 14],
      [16, 16],
      [32, 32],
      [36, 36],
    ]);
  });

  it('has no receptive field once the image is flattened', () => {
    expect(layers.slice(6).map((layer) => layer.receptiveField)).toEqual([null, null, null]);
  });

  it('names layers after kind and position', () => {
    expect(layers[2]?.name).toBe('conv2d-3');
    expect(layers[7]?.name).toBe('dense-8');
  });
});

describe('output shapes', () => {
  it('follow stride, dilation and padding', () => {
    const spec = model(
      { kind: 'conv2d', filters: 4, kernelSize: [3, 5], strides: 2, padding: 'valid' },
      { kind: 'conv2d', filters: 8, kernelSize: 3, dilation: 2, padding: 'valid' },
      { kind: 'average-pool2d', poolSize: 3, strides: 1, padding: 'same' },
      { kind: 'global-average-pool2d' },
    );
    const { layers } = summariseModel(spec, [28, 28, 1]);
    expect(layers.map((layer) => layer.outputShape)).toEqual([[13, 12, 4], [9, 8, 8], [9, 8, 8], [8]]);
    // 3x5 at stride 2; then taps 2 apart, each 2 pixels: 3 + 4 * 2 and 5 + 4 * 2; then two more at the same stride.
    expect(layers.map((layer) => layer.receptiveField)).toEqual([[3, 5], [11, 13], [15, 17], null]);
  });

  it('counts two operations per multiply-add', () => {
    const spec = model({ kind: 'conv2d', filters: 4, kernelSize: 3 }, flatten, dense(10));
    expect(summariseModel(spec, [8, 8, 2]).forwardFlops).toBe(
      2 * (8 * 8 * 4 * 3 * 3 * 2) + 2 * (8 * 8 * 4 * 10),
    );
  });
});

describe('layers that do not fit', () => {
  it('names layer, finding and way out when a pooling window is too large', () => {
    const spec = model(
      { kind: 'conv2d', filters: 2, kernelSize: 3 },
      { kind: 'max-pool2d', poolSize: 4 },
      { kind: 'max-pool2d', name: 'pool-2', poolSize: 3 },
    );
    const error = failureOf(() => summariseModel(spec, [8, 8, 1]));
    expect(error.code).toBe('shape-mismatch');
    expect(error.message).toMatch(/^layer 3 \(max-pool2d 'pool-2'\): .*3x3.*2x2.*; take a smaller window/);
    expect(error.details.path).toBe('model.layers.2.poolSize');
  });

  it('counts the holes of a dilated kernel', () => {
    const layer: LayerInput = { kind: 'conv2d', filters: 1, kernelSize: 3, dilation: 4, padding: 'valid' };
    expect(summariseModel(model(layer), [9, 9, 1]).layers[0]?.outputShape).toEqual([1, 1, 1]);
    expect(failureOf(() => summariseModel(model(layer), [8, 9, 1])).details.path).toBe(
      'model.layers.0.kernelSize',
    );
  });

  it('asks for a flatten layer before dense', () => {
    const error = failureOf(() => summariseModel(model(dense(10)), greyImage));
    expect(error.message).toBe(
      "layer 1 (dense 'dense-1'): takes a row of numbers and is given 28x28x1; put a flatten layer before it",
    );
  });

  it.each(['conv2d', 'max-pool2d', 'global-max-pool2d'] as const)('asks for an image before %s', (kind) => {
    const layer: LayerInput = kind === 'conv2d' ? { kind, filters: 1, kernelSize: 1 } : { kind };
    expect(failureOf(() => summariseModel(model(layer), [4])).message).toContain('takes an image');
  });

  it('refuses two layers of one name', () => {
    const spec = model({ ...dense(3), name: 'dense-2' }, dense(3));
    const error = failureOf(() => summariseModel(spec, [2]));
    expect(error.code).toBe('invalid-input');
    expect(error.details.path).toBe('model.layers.1.name');
  });
});
