import { describe, expect, it } from 'vitest';
import type { Embedding, FeatureMaps, LayerFilters } from '../../../shared/schema/inspection.ts';
import { classificationOf } from '../../state/testing/sample-results.ts';
import { sampleModel } from '../../state/testing/samples.ts';
import { extentOf, groupsOf, nearestPoint } from './embedding-points.ts';
import {
  describeFilter,
  filterLook,
  filterRule,
  layFilters,
  paintFilters,
  unitOfTile,
} from './filter-tiles.ts';
import { insidePanelIds, insidePanels, layerOr, mappedLayers } from './layers.ts';
import { describeMap, mapSides, paintMaps, shownUnits } from './map-tiles.ts';
import { layTiles } from '../../charts/tiles.ts';

const FEW = { outputs: 64, inputs: 16 };

/** A kernel whose weights are given by place, input and output. */
function filtersOf(
  shape: LayerFilters['shape'],
  weight: (y: number, x: number, i: number, o: number) => number,
) {
  const [height, width, inputs, outputs] = shape;
  const values = new Float32Array(height * width * inputs * outputs);
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < inputs; i++) for (let o = 0; o < outputs; o++) values[at++] = weight(y, x, i, o);
  return { layer: 'conv', shape, values, minimum: Math.min(...values), maximum: Math.max(...values) };
}

/** Red of a picture's pixel. */
const redAt = (picture: { width: number; pixels: Uint8ClampedArray }, x: number, y: number) =>
  picture.pixels[(y * picture.width + x) * 4];

describe('filters', () => {
  it('are colour pictures for three inputs, one map for one, a row of maps for more', () => {
    expect([1, 3, 8].map((inputs) => filterLook({ shape: [3, 3, inputs, 4] }))).toEqual([
      'single',
      'rgb',
      'per-input',
    ]);
    const tiles = layFilters([3, 3, 8, 4], 400, FEW);
    expect([tiles.layout.columns, tiles.layout.count]).toEqual([8, 32]);
    expect([0, 7, 8, 31].map((tile) => unitOfTile(tiles, tile))).toEqual([0, 0, 1, 3]);
  });

  it('show at most so many of a wide layer', () => {
    const tiles = layFilters([3, 3, 512, 512], 400, FEW);
    expect([tiles.inputs, tiles.outputs]).toEqual([16, 64]);
  });

  it('are white where a weight is zero, with the scale even about it', () => {
    const filters = filtersOf([1, 2, 1, 1], (_, x) => (x === 0 ? 0 : -0.5));
    expect(filterRule(filters)).toMatchObject({ from: -0.5, to: 0.5 });
    const tiles = layFilters(filters.shape, 400, FEW);
    const picture = paintFilters(filters, tiles);
    expect(redAt(picture, 0, 0)).toBe(255);
    expect(redAt(picture, tiles.zoom, 0)).toBeLessThan(20);
  });

  it('put each weight at its place, input and output', () => {
    const filters = filtersOf([2, 2, 2, 2], (y, x, i, o) =>
      y === 1 && x === 0 && i === 1 && o === 1 ? 1 : 0,
    );
    const tiles = layFilters(filters.shape, 400, FEW);
    const picture = paintFilters(filters, tiles);
    const marked: number[] = [];
    for (let tile = 0; tile < 4; tile++) {
      const left = (tile % 2) * (tiles.layout.tileWidth + tiles.layout.gap);
      const top = Math.floor(tile / 2) * (tiles.layout.tileHeight + tiles.layout.gap);
      if (redAt(picture, left, top + tiles.zoom) !== 255) marked.push(tile);
    }
    expect(marked).toEqual([3]);
  });

  it('are mid-grey at zero in colour', () => {
    const filters = filtersOf([1, 1, 3, 1], (_y, _x, i) => [0, 1, -1][i] ?? 0);
    const { pixels } = paintFilters(filters, layFilters(filters.shape, 400, FEW));
    expect([...pixels.subarray(0, 4)]).toEqual([128, 255, 0, 255]);
  });

  it('read in words', () => {
    const filters = filtersOf([1, 2, 1, 2], (_y, x, _i, o) => (o === 1 ? [3, 4][x]! : 0));
    expect(describeFilter(filters, 1)).toBe('unit 1: mean weight 3.50, length 5.00');
  });
});

describe('feature maps', () => {
  const maps: FeatureMaps = {
    layer: 'conv',
    shape: [1, 2, 3],
    values: Float32Array.of(0, 1, 5, 0, 3, 5),
    order: Int32Array.of(2, 1, 0),
    minimum: 0,
    maximum: 5,
  };

  it('stand with the strongest first, or by number', () => {
    expect(shownUnits(maps, 'strongest', 2)).toEqual([2, 1]);
    expect(shownUnits(maps, 'number', 9)).toEqual([0, 1, 2]);
  });

  it('are painted unit by unit on one scale', () => {
    const picture = paintMaps(maps, [2, 0], layTiles(2, 2, 1, 1));
    expect([redAt(picture, 0, 0), redAt(picture, 1, 0)]).toEqual([253, 253]);
    expect([redAt(picture, 0, 2), redAt(picture, 1, 2)]).toEqual([68, 68]);
  });

  it('of a flat layer are one pixel each', () => {
    expect(mapSides({ shape: [10] })).toEqual([1, 1]);
  });

  it('read in words', () => {
    expect(describeMap(maps, 1)).toBe('unit 1: mean 2.00, largest 3.00');
    expect(describeMap({ ...maps, shape: [3], values: Float32Array.of(1, 2, 3) }, 2)).toBe('unit 2: 3.000');
  });
});

describe('an embedding', () => {
  const embedding: Embedding = {
    layer: 'dense',
    rows: Int32Array.of(12, 10, 99),
    x: Float32Array.of(0, 1, 2),
    y: Float32Array.of(0, 1, 2),
    explained: [0.5, 0.2],
  };
  const head = { name: 'pet', result: classificationOf(['cat', 'dog'], [0, 1, 1], [0, 0, 1], [1, 1, 1], 10) };

  it('takes class and mistakes from the results of the same rows', () => {
    expect([...groupsOf(embedding, head, 'class')]).toEqual([1, 0, -1]);
    expect([...groupsOf(embedding, head, 'right')]).toEqual([0, 0, -1]);
    expect([...groupsOf(embedding, null, 'class')]).toEqual([-1, -1, -1]);
  });

  it('finds the point under the pointer, and none far from all', () => {
    const extent = extentOf(embedding);
    const box = { width: 100, height: 100 };
    expect(nearestPoint(embedding, extent, box, { left: 50, top: 50 }, 12)).toBe(1);
    expect(nearestPoint(embedding, extent, box, { left: 90, top: 90 }, 12)).toBe(-1);
  });

  it('has an extent where all points are one, or there are none', () => {
    expect(extentOf({ x: Float32Array.of(3), y: Float32Array.of(3) }).x).toEqual([2.96, 3.04]);
    expect(extentOf({ x: new Float32Array(), y: new Float32Array() }).x).toEqual([-1, 1]);
  });
});

describe('the panels inside a net', () => {
  const layer = (name: string, kind: string, index: number) => ({
    index,
    name,
    kind,
    inputs: [],
    outputShape: [4],
    parameterCount: 0,
    receptiveField: null,
    forwardFlops: 0,
  });
  const net = (inputShape: number[], ...kinds: string[]) => ({
    ...sampleModel,
    inputShape,
    layers: kinds.map((kind, index) => layer(`${kind}-${index}`, kind, index)),
  });

  it('are those its layers and input allow', () => {
    const ids = (model: ReturnType<typeof net>) => insidePanelIds(insidePanels(model));
    expect(ids(net([28, 28, 1], 'conv2d', 'flatten', 'dense'))).toEqual(
      expect.arrayContaining(['filters', 'feature-maps', 'attribution', 'excitement', 'embedding']),
    );
    expect(ids(net([4], 'dense', 'dense'))).not.toEqual(expect.arrayContaining(['filters']));
    expect(ids(net([4], 'dense', 'dense'))).not.toEqual(expect.arrayContaining(['attribution']));
    expect(ids(net([4], 'dense'))).not.toContain('embedding');
  });

  it('leave out layers that only pass on what they get', () => {
    const model = net([28, 28, 1], 'conv2d', 'dropout', 'flatten', 'dense');
    const layers = mappedLayers(model);
    expect(layers.map(({ kind }) => kind)).toEqual(['conv2d', 'dense']);
    expect(layerOr(layers, 'dense-3')?.name).toBe('dense-3');
    expect(layerOr(layers, 'flatten-2')?.name).toBe('conv2d-0');
  });
});
