import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetStatistics } from '../../../../shared/schema/explore.ts';
import { classTarget, numberTarget } from '../../describe-dataset.ts';
import { explored } from '../explore-test-kit.ts';
import { computeStatistics } from './compute-statistics.ts';

const table = (rows: readonly (readonly number[])[], target: readonly number[]) =>
  explored(
    {
      featureShape: [rows[0]!.length],
      featureNames: rows[0]!.map((_, place) => `f${place}`),
      targets: [numberTarget('price', 'USD')],
      train: { values: Float32Array.from(rows.flat()), targets: [Float32Array.from(target)] },
      test: null,
    },
    { testExamples: 1, devExamples: 1 },
  );

describe('statistics of a table', () => {
  it('have every feature and last the numeric target, counted in every split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 9 })), {
          minLength: 4,
          maxLength: 60,
        }),
        (rows) => {
          const data = table(
            rows,
            rows.map(([value]) => value),
          );
          const statistics = computeStatistics(data);
          expect(datasetStatistics.parse(statistics)).toEqual(statistics);
          expect(statistics.features.map(({ name }) => name)).toEqual(['f0', 'f1', 'price']);
          const { train, dev, test } = data.split;
          for (const { counts } of statistics.features) {
            expect(counts.map((steps) => steps.reduce((sum, count) => sum + count, 0))).toEqual([
              train.length,
              dev.length,
              test.length,
            ]);
          }
        },
      ),
    );
  });

  it('give each whole number of a short range a step of its own', () => {
    const values = [3, 3, 4, 6, 6, 6, 7, 5];
    const { features } = computeStatistics(
      table(
        values.map((value) => [value]),
        values,
      ),
    );
    const { minimum, maximum, counts } = features[0]!;
    expect([minimum, maximum]).toEqual([3, 7]);
    const total = counts[0]!.map((count, step) => count + counts[1]![step]! + counts[2]![step]!);
    expect([...total]).toEqual([2, 1, 1, 3, 1]);
  });

  it('keep the standard deviation of numbers far from zero', () => {
    const values = Array.from({ length: 40 }, (_, row) => 8_388_608 + (row % 2));
    const { features } = computeStatistics(
      table(
        values.map((value) => [value]),
        values,
      ),
    );
    expect(features[0]!.standardDeviation).toBeCloseTo(0.5, 2);
  });

  it('have one step and no correlation for a feature that does not vary', () => {
    const rows = Array.from({ length: 10 }, (_, row) => [5, row]);
    const { features, correlation } = computeStatistics(
      table(
        rows,
        rows.map(([, value]) => 3 - 2 * value!),
      ),
    );
    expect(features[0]!.counts.map((counts) => [...counts])).toEqual([[8], [1], [1]]);
    expect(features[0]!.standardDeviation).toBe(0);
    const matrix = Array.from({ length: 3 }, (_, row) => [...correlation!.slice(row * 3, row * 3 + 3)]);
    expect(matrix).toEqual([
      [NaN, NaN, NaN],
      [NaN, 1, -1],
      [NaN, -1, 1],
    ]);
  });

  it('have no matrix where it would be too large to read', () => {
    const rows = Array.from({ length: 4 }, (_, row) => new Array<number>(500).fill(row));
    const statistics = computeStatistics(table(rows, [1, 2, 3, 4]));
    expect(statistics.features).toHaveLength(501);
    expect(statistics.correlation).toBeNull();
    expect(statistics.classImages).toBeNull();
    expect(statistics.classCounts).toEqual([]);
  });
});

/** Colours whose channels are label, 10 times the label and a constant. */
function colours(labels: readonly number[], asFloat: boolean) {
  const bytes = labels.flatMap((label) => [label, 10 * label, 9, label + 2, 10 * label + 20, 9]);
  const values = asFloat ? Float32Array.from(bytes) : Uint8Array.from(bytes);
  return { values, targets: [Int32Array.from(labels), Int32Array.from(labels, () => 0)] };
}

describe('statistics of images', () => {
  const targets = [classTarget('digit', ['0', '1', '2', '3']), classTarget('colour', ['only'])];
  const made = (asFloat: boolean) => ({
    featureShape: [2, 1, 3],
    targets,
    train: colours([0, 1, 1, 2, 0, 1], asFloat),
    test: colours([1, 1], asFloat),
  });

  it('count the classes of the main target per split', () => {
    const { classCounts } = computeStatistics(explored(made(false)));
    expect(classCounts.map((counts) => [...counts])).toEqual([
      [2, 3, 1, 0],
      [0, 0, 0, 0],
      [0, 2, 0, 0],
    ]);
  });

  it('have a histogram per channel over all pixels, of bytes from 0 to 255', () => {
    const { features, correlation } = computeStatistics(explored(made(false)));
    expect(features.map(({ name }) => name)).toEqual(['red', 'green', 'blue']);
    const red = features[0]!;
    expect([red.minimum, red.maximum, red.counts[0]!.length]).toEqual([0, 255, 64]);
    // Labels 0 1 1 2 0 1 and the same plus 2: seven of twelve below 4 but one 4.
    expect([...red.counts[0]!.slice(0, 3)]).toEqual([11, 1, 0]);
    expect(red.mean).toBeCloseTo((5 + 5 + 12) / 12, 12);
    expect(features[2]!.standardDeviation).toBe(0);
    expect(correlation).toBeNull();
  });

  it('of floats are the same numbers, between their own least and greatest value', () => {
    const bytes = computeStatistics(explored(made(false)));
    const floats = computeStatistics(explored(made(true)));
    floats.features.forEach((feature, channel) => {
      expect(feature.mean).toBeCloseTo(bytes.features[channel]!.mean, 12);
      expect(feature.standardDeviation).toBeCloseTo(bytes.features[channel]!.standardDeviation, 12);
    });
    expect([floats.features[1]!.minimum, floats.features[1]!.maximum]).toEqual([0, 40]);
    expect(floats.classImages).toEqual(bytes.classImages);
  });

  it('have a mean image per class, zeros where train has none', () => {
    const { classImages } = computeStatistics(explored(made(false)));
    expect([...classImages!.mean]).toEqual([
      ...[0, 0, 9, 2, 20, 9],
      ...[1, 10, 9, 3, 30, 9],
      ...[2, 20, 9, 4, 40, 9],
      ...[0, 0, 0, 0, 0, 0],
    ]);
    expect(classImages!.standardDeviation.every((value) => value === 0)).toBe(true);
  });
});
