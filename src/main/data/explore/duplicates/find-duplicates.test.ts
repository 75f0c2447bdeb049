import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicates as duplicatesSchema, type Duplicates } from '../../../../shared/schema/explore.ts';
import { openStream } from '../../../../shared/random/stream.ts';
import { numberTarget } from '../../describe-dataset.ts';
import { explored, unwatched, type TestDataset } from '../explore-test-kit.ts';
import type { ExploredDataset } from '../explored-dataset.ts';
import { featureWeights } from './feature-weights.ts';
import { findDuplicates } from './find-duplicates.ts';

function labels(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row % 10);
}

/**
 * All pairs of images compared, plainly: the nearest row of train and dev for each test row. Values are whole numbers or
 * shares of 256, whose squares add up without rounding: of rows equally far away the first is the nearest.
 */
function compareAll(
  data: ExploredDataset,
  threshold: number,
): Pick<Duplicates['pairs'][number], 'train' | 'test'>[] {
  const { dataset, split } = data;
  const weights = featureWeights(data);
  const [scale, width] = [weights[0]!, weights.length];
  const [a, b] = [dataset.test.features.values, dataset.train.features.values];
  const known = [...split.train, ...split.dev].sort((left, right) => left - right);
  const distance = (test: number, train: number): number => {
    const squares = Array.from(
      { length: width },
      (_, column) => (a[test * width + column]! - b[train * width + column]!) ** 2,
    );
    return scale * Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / width);
  };
  return [...split.test].flatMap((test) => {
    const best = known.reduce((nearest, row) =>
      distance(test, row) < distance(test, nearest) ? row : nearest,
    );
    return distance(test, best) <= threshold ? [{ train: best, test }] : [];
  });
}

function byTest({ pairs }: Duplicates): { train: number; test: number }[] {
  return pairs.map(({ train, test }) => ({ train, test })).sort((a, b) => a.test - b.test);
}

/** Images of which every fourth of the test part is one of the training part, changed a little. */
function nearImages(seed: number, width: number, asFloat: boolean): TestDataset {
  const stream = openStream(seed, 'explore', 'images');
  const draw = (count: number): number[] =>
    Array.from({ length: count * width }, () => stream.nextInteger(256));
  const train = draw(80);
  const test = draw(24).map((value, place) => {
    const row = Math.floor(place / width);
    if (row % 4 !== 0) return value;
    const base = train[row * width + (place % width)]!;
    return Math.max(0, Math.min(255, base + stream.nextInteger(1 + row) - Math.floor(row / 2)));
  });
  const toValues = (values: number[]) =>
    asFloat ? Float32Array.from(values, (v) => v / 256) : Uint8Array.from(values);
  return {
    featureShape: [width, 1, 1],
    train: { values: toValues(train), targets: [labels(80)] },
    test: { values: toValues(test), targets: [labels(24)] },
  };
}

describe('findDuplicates', () => {
  it('finds the pairs that comparing all finds, whatever the width and the threshold', async () => {
    const anyCase = fc.record({
      seed: fc.nat(1_000),
      width: fc.constantFrom(1, 2, 7, 40, 130),
      asFloat: fc.boolean(),
      threshold: fc.constantFrom(0.001, 0.01, 0.05, 0.2, 0.5, 1),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, width, asFloat, threshold }) => {
        const data = explored(nearImages(seed, width, asFloat), { devExamples: 8 });
        const found = await findDuplicates(data, threshold, unwatched);
        expect(duplicatesSchema.parse(found)).toEqual(found);
        expect(byTest(found)).toEqual(compareAll(data, threshold));
        expect(found.pairs).toEqual(
          found.pairs.toSorted((a, b) => a.distance - b.distance || a.test - b.test),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('names of equal training rows the first, and finds equal ones even at threshold 0', async () => {
    const data = explored({
      featureShape: [2],
      train: { values: Float32Array.from([1, 0, 5, 5, 5, 5, -0, 9]), targets: [Int32Array.of(1, 2, 3, 4)] },
      test: { values: Float32Array.from([5, 5, 0, 9, 5, 5.1]), targets: [Int32Array.of(2, 9, 2)] },
    });
    expect((await findDuplicates(data, 0, unwatched)).pairs).toEqual([
      { train: 1, test: 0, distance: 0, agree: true },
      { train: 3, test: 1, distance: 0, agree: false },
    ]);
  });

  it('compares features of a table by their own ranges, and prices by theirs', async () => {
    const data = explored({
      featureShape: [3],
      targets: [numberTarget('price', 'USD')],
      train: {
        values: Float32Array.from([0, 0, 4, 1_000_000, 1, 4]),
        targets: [Float32Array.of(100, 1_100)],
      },
      test: {
        values: Float32Array.from([30_000, 0, 4, 970_000, 1, 4]),
        targets: [Float32Array.of(104, 600)],
      },
    });
    const { pairs, comparedTrain, comparedTest } = await findDuplicates(data, 0.02, unwatched);
    expect([comparedTrain, comparedTest]).toEqual([2, 2]);
    expect(pairs.map(({ train, test, agree }) => [train, test, agree])).toEqual([
      [0, 0, true],
      [1, 1, false],
    ]);
    // One of three features differs, by 3 % of its range.
    for (const { distance } of pairs) expect(distance).toBeCloseTo(0.03 / Math.sqrt(3), 6);
  });

  it('compares the test rows of a dataset of one part with its other rows only', async () => {
    const values = Float32Array.from({ length: 40 }, (_, row) => Math.floor(row / 2));
    const data = explored(
      { featureShape: [1], train: { values, targets: [labels(40)] }, test: null },
      { testExamples: 12, stratified: false },
      4,
    );
    const { pairs, comparedTrain } = await findDuplicates(data, 0, unwatched);
    const tested = new Set(data.split.test);
    // Rows 2 n and 2 n + 1 are equal: a pair is found where one of them is a test row and the other is not.
    const expected = [...tested].filter((row) => !tested.has(row ^ 1));
    expect(comparedTrain).toBe(28);
    expect(pairs.map(({ train, test }) => [test, train])).toEqual(expected.map((row) => [row, row ^ 1]));
  });

  it('takes images that are all alike', async () => {
    const part = (count: number) => ({
      values: new Float32Array(4 * count).fill(0.5),
      targets: [labels(count)],
    });
    const data = explored({ featureShape: [2, 2, 1], train: part(6), test: part(2) });
    const { pairs } = await findDuplicates(data, 0.1, unwatched);
    expect(pairs).toEqual([
      { train: 0, test: 0, distance: 0, agree: true },
      { train: 0, test: 1, distance: 0, agree: false },
    ]);
  });

  it('tells how far it is', async () => {
    const units = new Set<string>();
    const data = explored(nearImages(1, 2_000, false));
    await findDuplicates(data, 1, (done, total, unit) => {
      expect(done).toBeLessThanOrEqual(total);
      units.add(unit);
    });
    expect([...units].every((unit) => ['digits', 'examples outlined', 'test examples'].includes(unit))).toBe(
      true,
    );
  });
});
