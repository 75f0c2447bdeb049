import { describe, expect, it } from 'vitest';
import { channelsOf, viridis } from '../../charts/colour-maps.ts';
import { classColour } from '../../charts/palette.ts';
import type { RunColumns } from '../../state/explore-filter.ts';
import { figureSpec } from '../../../shared/schema/figure.ts';
import { ExampleSpace } from '../../state/explore-space.ts';
import { describeClasses, splitCounts } from './class-chart.ts';
import { deviationColours, meanColours, rangeOf } from './class-images.ts';
import { describePair, matrixPixels, moveInMatrix, signedColour, strongestPairs } from './correlation.ts';
import { distanceText, summary } from './duplicates-text.ts';
import { classImagesFigure, scatterFigure } from './explore-prints.ts';
import { describeFeature, featurePaths } from './feature-shape.ts';
import { orderOptions, typedNumber } from './filter-options.ts';
import { pixelOf } from './page-pixels.ts';
import { colourPoints } from './point-colours.ts';

describe('correlation', () => {
  const names = ['a', 'b', 'c'];
  const values = Float32Array.of(1, -0.9, 0.2, -0.9, 1, Number.NaN, 0.2, Number.NaN, 1);

  it('is blue below zero, white at zero and where it is undefined, red above', () => {
    const channels = (value: number) => (signedColour(value).match(/\d+/g) ?? []).map(Number);
    expect(channels(0)).toEqual([255, 255, 255]);
    expect(channels(Number.NaN)).toEqual([255, 255, 255]);
    const [[redOfLow = 0, , blueOfLow = 0], [redOfHigh = 0, , blueOfHigh = 0]] = [channels(-1), channels(1)];
    expect(blueOfLow).toBeGreaterThan(redOfLow);
    expect(redOfHigh).toBeGreaterThan(blueOfHigh);
    expect([...matrixPixels(values).subarray(20, 24)]).toEqual([255, 255, 255, 255]);
  });

  it('names the pairs that go together most, whatever the sign', () => {
    expect(strongestPairs(values, 3, 5).map(({ row, column }) => [row, column])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(describePair(names, values, 1, 0)).toBe('b and a: r = -0.9');
    expect(describePair(names, values, 2, 1)).toMatch(/undefined/);
  });

  it('is walked by arrow keys and not left', () => {
    expect(moveInMatrix('ArrowDown', [2, 1], 3)).toEqual([2, 1]);
    expect(moveInMatrix('ArrowLeft', [2, 1], 3)).toEqual([2, 0]);
    expect(moveInMatrix('Tab', [2, 1], 3)).toBeNull();
  });
});

describe('the picture of a class', () => {
  const images = { mean: Float32Array.of(0, 50, 40, 200), standardDeviation: Float32Array.of(0, 1, 2, 4) };
  const shape = [1, 2, 1];

  it('has the mean on a scale that all classes share', () => {
    const colours = meanColours(images, 1, shape, rangeOf(images.mean));
    expect([...colours]).toEqual([51, 51, 51, 255, 255, 255, 255, 255]);
  });

  it('has the deviation by the sequential map', () => {
    const colours = deviationColours(images, 1, shape, 4);
    expect([...colours.subarray(4, 7)]).toEqual([...channelsOf(viridis(1))]);
    expect([...deviationColours(images, 0, shape, 4).subarray(0, 3)]).toEqual([...channelsOf(viridis(0))]);
  });
});

describe('distributions', () => {
  const feature = {
    name: 'age',
    minimum: 0,
    maximum: 10,
    counts: [Int32Array.of(90, 10), Int32Array.of(0, 0), Int32Array.of(5, 5)],
    mean: 4,
    standardDeviation: 1,
  };

  it('are shares of their split, so that a small one lies over a large one', () => {
    const [train, dev, test] = featurePaths(feature, 100, 90);
    expect(train).toBe('M0 90V0.00H50.00V80.00H100.00V90');
    expect(dev).toBe('');
    expect(test).toBe('M0 90V40.00H50.00V40.00H100.00V90');
  });

  it('by the logarithm show what is rare', () => {
    const height = (path = '') => 90 - Number(/H50\.00V([\d.]+)/.exec(path)?.[1]);
    expect(height(featurePaths(feature, 100, 90, true)[0])).toBeGreaterThan(60);
  });

  it('are said in words', () => {
    expect(describeFeature(feature)).toBe('age: 110 values from 0 to 10, mean 4, standard deviation 1');
    const splits = splitCounts(feature.counts);
    expect(splits.map(({ split, total }) => [split, total])).toEqual([
      ['train', 100],
      ['test', 10],
    ]);
    expect(describeClasses(splits, ['yes', 'no'])).toBe(
      'train, 100 examples: yes 90, no 10; test, 10 examples: yes 5, no 5',
    );
  });
});

describe('colours of points', () => {
  const run: RunColumns = {
    kind: 'classification',
    known: Uint8Array.of(1, 1, 0),
    predicted: Int32Array.of(1, 0, 0),
    confidence: new Float32Array(3),
    loss: Float32Array.of(0, 4, Number.NaN),
  };
  const request = {
    indices: Uint32Array.of(2, 1, 0),
    columns: {
      space: new ExampleSpace(3, 0),
      split: Uint8Array.of(0, 1, 2),
      targets: [Int32Array.of(1, 1, 0)],
    },
    target: 0,
    classes: ['a', 'b'],
    run,
    theme: 'light' as const,
    unknown: '#c3c9d1',
    right: '#8a93a0',
    wrong: '#b1241c',
  };
  const pixels = (...colours: string[]) => colours.map(pixelOf);

  it('are by class, by split, or by what a run made of them', () => {
    const [a = '', b = '', c = ''] = [0, 1, 2].map((place) => classColour(place, 'light'));
    expect([...colourPoints({ ...request, mode: 'target' }).colours]).toEqual(pixels(a, b, b));
    expect([...colourPoints({ ...request, mode: 'split' }).colours]).toEqual(pixels(c, b, a));
    expect([...colourPoints({ ...request, mode: 'outcome' }).colours]).toEqual(
      pixels(request.unknown, request.wrong, request.right),
    );
  });

  it('by loss go over a scale, and what has none stays quiet', () => {
    const { colours, scale } = colourPoints({ ...request, mode: 'loss' });
    expect(scale).toEqual([0, 4]);
    expect([...colours]).toEqual(pixels(request.unknown, viridis(1), viridis(0)));
  });

  it('of a regression go by the number', () => {
    const columns = { ...request.columns, targets: [Float32Array.of(10, 20, 30)] };
    const { scale, key } = colourPoints({ ...request, columns, classes: [], mode: 'target' });
    expect([scale, key]).toEqual([[10, 30], []]);
  });
});

describe('figures for print', () => {
  it('have a group of points per entry of the key', () => {
    const points = {
      x: Float32Array.of(1, 2, 3),
      y: Float32Array.of(4, 5, 6),
      index: Uint32Array.of(0, 1, 2),
    };
    const key = ['a', 'b', 'c'].map((label) => ({ label, colour: '#000000' }));
    const paint = { codes: Uint16Array.of(2, 0, 2), key };
    const figure = scatterFigure({ title: 'PCA', xTitle: 'x', yTitle: 'y', points, paint });
    expect(figureSpec.parse(figure)).toMatchObject({
      groups: [
        { label: 'a', colour: 0, x: [2], y: [5] },
        { label: 'c', colour: 2, x: [1, 3], y: [4, 6] },
      ],
    });
    const scaled = scatterFigure({ title: '', xTitle: '', yTitle: '', points, paint: { ...paint, key: [] } });
    expect(scaled).toMatchObject({ groups: [{ label: 'examples', x: [1, 2, 3] }] });
  });

  it('have each class as a mean and a deviation', () => {
    const images = { mean: Float32Array.of(1, 2), standardDeviation: Float32Array.of(0, 4) };
    const figure = figureSpec.parse(classImagesFigure(['a', 'b'], [1, 1, 1], images));
    expect(figure).toMatchObject({
      columns: 2,
      images: [
        { label: 'a, mean', maximum: 2 },
        { label: 'b, mean' },
        { label: 'a, deviation', maximum: 4 },
        { label: 'b, deviation' },
      ],
    });
    expect(classImagesFigure(['a'], [1, 1, 2], images)).toBeNull();
  });
});

describe('what is said of duplicates', () => {
  it('counts pairs, test examples and unlike labels', () => {
    const pairs = [
      { train: 1, test: 2, distance: 0, agree: true },
      { train: 3, test: 2, distance: 0.013, agree: false },
    ];
    const found = { pairs, threshold: 0.05, comparedTrain: 54_000, comparedTest: 10_000 };
    expect(summary(found)).toBe(
      '10,000 test examples compared with 54,000 of train: 2 pairs nearer than 5 %, 1 of them equal and 1 with unlike labels; they touch 0.01 % of the test part.',
    );
    expect(summary({ ...found, pairs: [], threshold: 0 })).toMatch(/none is equal\.$/);
    expect([0, 0.013, 0.0001].map(distanceText)).toEqual(['equal', 'differ by 1.3 %', 'differ by < 0.1 %']);
  });
});

describe('the orders on offer', () => {
  const of = (kind: RunColumns['kind'], loss: number): RunColumns => ({
    kind,
    known: Uint8Array.of(1),
    predicted: new Int32Array(1),
    confidence: new Float32Array(1),
    loss: Float32Array.of(loss),
  });

  it('are those that the runs allow', () => {
    const values = (...runs: Parameters<typeof orderOptions>) =>
      orderOptions(...runs).map(({ value }) => value);
    expect(values(null, null)).toEqual(['stored']);
    expect(values(of('classification', Number.NaN), null)).toEqual(['stored', 'confidence-rising']);
    expect(values(of('regression', 1), of('regression', 1))).toContain('difference-falling');
  });

  it('go with limits that are numbers', () => {
    expect([typedNumber(' '), typedNumber('2.5'), typedNumber('x')]).toEqual([null, 2.5, undefined]);
  });
});
