import { describe, expect, it } from 'vitest';
import type { UnitWalk } from '../../shared/schema/inspection.ts';
import type { LayerSummary, ModelSummary } from '../../shared/schema/model.ts';
import { layerOf, middleOf, placeIn, readersOf, sourceOf, sourcesOf, usedBy } from './unit-place.ts';

function layer(name: string, kind: string, outputShape: number[], inputs: string[] = []): LayerSummary {
  return {
    index: 0,
    name,
    kind,
    inputs,
    outputShape,
    parameterCount: 0,
    receptiveField: null,
    forwardFlops: 0,
  };
}

const model: ModelSummary = {
  inputShape: [8, 8, 1],
  layers: [
    layer('conv', 'conv2d', [8, 8, 4], ['input']),
    layer('pool', 'max-pool2d', [4, 4, 4], ['conv']),
    layer('side', 'conv2d', [4, 4, 2], ['pool']),
    layer('both', 'concatenate', [4, 4, 6], ['pool', 'side']),
    layer('flat', 'flatten', [96], ['both']),
    layer('out', 'dense', [10], ['flat']),
  ],
  parameterCount: 0,
  trainableCount: 0,
  forwardFlops: 0,
};
const of = (name: string): LayerSummary => layerOf(model, name)!;
const box = { top: 0, left: 0, bottom: 1, right: 1 };

describe('a place in a layer', () => {
  it('is held within its map', () => {
    expect(placeIn(of('pool'), 9, -3, 7)).toEqual({ layer: 'pool', unit: 3, row: 0, column: 3 });
    expect(placeIn(of('out'), 4, 3, 3)).toEqual({ layer: 'out', unit: 4, row: 0, column: 0 });
    expect(middleOf(of('conv'), 1)).toEqual({ layer: 'conv', unit: 1, row: 4, column: 4 });
  });

  it('has readers and sources, by name or, in runs stored before there were names, by order', () => {
    expect(readersOf(model, 'pool').map(({ name }) => name)).toEqual(['side', 'both']);
    expect(sourcesOf(model, 'both')).toEqual(['pool', 'side']);
    const old = { ...model, layers: model.layers.map((one) => ({ ...one, inputs: [] })) };
    expect(readersOf(old, 'pool').map(({ name }) => name)).toEqual(['side']);
    expect([sourcesOf(old, 'side'), sourcesOf(old, 'conv')]).toEqual([['pool'], ['input']]);
  });
});

describe('where a number comes from', () => {
  it('is the channel of a convolution that adds most, in the middle of its window', () => {
    const step: UnitWalk = {
      kind: 'convolution',
      layer: 'side',
      from: 'pool',
      shape: [3, 3, 4],
      patch: new Float32Array(36),
      kernel: new Float32Array(36),
      perChannel: Float32Array.of(0.5, -2, 1, 0),
      bias: 0,
      result: -0.5,
      window: { top: 1, left: -1, bottom: 4, right: 2 },
      box,
    };
    const at = { layer: 'side', unit: 0, row: 2, column: 0 };
    expect(sourceOf(model, at, step)).toEqual({ layer: 'pool', unit: 1, row: 2, column: 0 });
    expect(sourceOf(model, { ...at, layer: 'conv' }, { ...step, layer: 'conv', from: 'input' })).toBeNull();
  });

  it('is the place of the largest number of a pool', () => {
    const step: UnitWalk = {
      kind: 'pool',
      layer: 'pool',
      from: 'conv',
      mode: 'max',
      shape: [2, 2],
      patch: Float32Array.of(0, 1, 5, 2),
      result: 5,
      window: { top: 4, left: 2, bottom: 6, right: 4 },
      box,
    };
    const at = { layer: 'pool', unit: 3, row: 2, column: 1 };
    expect(sourceOf(model, at, step)).toEqual({ layer: 'conv', unit: 3, row: 5, column: 2 });
  });

  it('is the input of a dense unit whose product is largest, and the unit handed on', () => {
    const dense: UnitWalk = {
      kind: 'dense',
      layer: 'out',
      from: 'flat',
      inputs: Float32Array.of(1, 2, 3),
      weights: Float32Array.of(1, -4, 2),
      bias: 0,
      result: -1,
    };
    const out = { layer: 'out', unit: 0, row: 0, column: 0 };
    expect(sourceOf(model, out, dense)).toEqual({ layer: 'flat', unit: 1, row: 0, column: 0 });
    const pass: UnitWalk = {
      kind: 'pass',
      layer: 'flat',
      from: 'both',
      unit: 5,
      row: 1,
      column: 3,
      result: 0,
    };
    expect(sourceOf(model, { ...out, layer: 'flat' }, pass)).toEqual({
      layer: 'both',
      unit: 5,
      row: 1,
      column: 3,
    });
    const softmax: UnitWalk = {
      kind: 'softmax',
      layer: 'out',
      from: 'out',
      unit: 0,
      logits: new Float32Array(1),
      exponentials: new Float32Array(1),
      sum: 1,
      probabilities: new Float32Array(1),
    };
    expect(sourceOf(model, out, softmax)).toBeNull();
  });
});

describe('where a number goes', () => {
  it('keeps its unit and its share of the map through pools, and its row through flatten', () => {
    expect(usedBy(model, { layer: 'conv', unit: 2, row: 7, column: 5 }, of('pool'))).toEqual({
      layer: 'pool',
      unit: 2,
      row: 3,
      column: 2,
    });
    const both = { layer: 'both', unit: 5, row: 1, column: 3 };
    expect(usedBy(model, both, of('flat'))).toEqual({
      layer: 'flat',
      unit: (1 * 4 + 3) * 6 + 5,
      row: 0,
      column: 0,
    });
  });

  it('stands behind the units of the layers before it where several are joined', () => {
    const at = { layer: 'side', unit: 1, row: 2, column: 2 };
    expect(usedBy(model, at, of('both'))).toEqual({ layer: 'both', unit: 5, row: 2, column: 2 });
  });

  it('is weighed by every unit of a convolution or a dense layer: the first is shown', () => {
    expect(usedBy(model, { layer: 'flat', unit: 40, row: 0, column: 0 }, of('out')).unit).toBe(0);
  });
});
