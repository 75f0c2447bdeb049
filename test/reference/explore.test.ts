import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { numberTarget } from '../../src/main/data/describe-dataset.ts';
import { findDuplicates } from '../../src/main/data/explore/duplicates/find-duplicates.ts';
import { explored, unwatched } from '../../src/main/data/explore/explore-test-kit.ts';
import { projectByPca, type Plane } from '../../src/main/data/explore/projection/pca.ts';
import { scaleRows } from '../../src/main/data/explore/projection/scaled-rows.ts';
import { computeStatistics } from '../../src/main/data/explore/statistics/compute-statistics.ts';
import { loadMnist } from '../../src/main/data/mnist.ts';

const numbers = z.array(z.number());
const components = z.strictObject({ x: numbers, y: numbers, explained: numbers });
const nearest = z.strictObject({ train: numbers, distance: numbers });
const stored = z
  .strictObject({
    numpy: z.string(),
    scikitLearn: z.string(),
    train: z.int(),
    images: z.strictObject({
      shape: numbers,
      values: numbers,
      labels: numbers,
      components,
      classImages: z.strictObject({ mean: numbers, standardDeviation: numbers }),
      nearest,
    }),
    table: z.strictObject({
      names: z.array(z.string()),
      values: numbers,
      target: numbers,
      components,
      statistics: z.strictObject({
        mean: numbers,
        standardDeviation: numbers,
        varying: numbers,
        correlation: numbers,
      }),
      nearest,
    }),
    mnist: z.strictObject({ rows: z.int(), ...components.shape }),
  })
  .parse(JSON.parse(readFileSync(new URL('explore.json', import.meta.url), 'utf8')));

const { images, table } = stored;
const imageWidth = images.shape.reduce((product, side) => product * side, 1);
const imageData = explored({
  featureShape: images.shape,
  train: {
    values: Uint8Array.from(images.values.slice(0, stored.train * imageWidth)),
    targets: [Int32Array.from(images.labels.slice(0, stored.train))],
  },
  test: {
    values: Uint8Array.from(images.values.slice(stored.train * imageWidth)),
    targets: [Int32Array.from(images.labels.slice(stored.train))],
  },
});
const tableWidth = table.names.length;
const tableData = explored({
  featureShape: [tableWidth],
  featureNames: table.names,
  targets: [numberTarget('price', 'USD')],
  train: {
    values: Float32Array.from(table.values.slice(0, stored.train * tableWidth)),
    targets: [Float32Array.from(table.target.slice(0, stored.train))],
  },
  test: {
    values: Float32Array.from(table.values.slice(stored.train * tableWidth)),
    targets: [Float32Array.from(table.target.slice(stored.train))],
  },
});

/** Largest difference as a share of the largest expected number. */
function relativeError(got: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, place) => Math.abs(value - got[place]!))) / largest;
}

function expectPlane(plane: Plane, expected: z.infer<typeof components>): void {
  expect(relativeError(plane.x, expected.x)).toBeLessThan(1e-6);
  expect(relativeError(plane.y, expected.y)).toBeLessThan(1e-6);
  plane.explained!.forEach((share, axis) => {
    expect(Math.abs(share / expected.explained[axis]! - 1)).toBeLessThan(1e-6);
  });
}

describe('principal components are those of scikit-learn, with its signs', () => {
  it('for images as they are', async () => {
    const values = Uint8Array.from(images.values);
    const rows = scaleRows(values, values.length / imageWidth, imageWidth, false);
    expectPlane(await projectByPca(rows, unwatched), images.components);
  });

  it('for a table, each feature at standard deviation 1 and a constant one out', async () => {
    const values = Float32Array.from(table.values);
    const rows = scaleRows(values, values.length / tableWidth, tableWidth, true);
    expectPlane(await projectByPca(rows, unwatched), table.components);
  });

  it('for 3,000 digits of MNIST', async () => {
    const { train } = await loadMnist();
    const values = train.features.values.subarray(0, stored.mnist.rows * 784);
    const plane = await projectByPca(scaleRows(values, stored.mnist.rows, 784, false), unwatched);
    expectPlane(plane, stored.mnist);
  });
});

describe('statistics are those of NumPy', () => {
  it('mean and standard deviation image of each class', () => {
    const { classImages } = computeStatistics(imageData);
    expect(relativeError(classImages!.mean, images.classImages.mean)).toBeLessThan(1e-6);
    expect(relativeError(classImages!.standardDeviation, images.classImages.standardDeviation)).toBeLessThan(
      1e-6,
    );
  });

  it('mean, standard deviation and correlation of a table’s columns', () => {
    const { features, correlation } = computeStatistics(tableData);
    const { statistics } = table;
    features.forEach(({ mean, standardDeviation }, column) => {
      expect(mean).toBeCloseTo(statistics.mean[column]!, 6);
      const expected = statistics.standardDeviation[column]!;
      expect(Math.abs(standardDeviation - expected)).toBeLessThanOrEqual(1e-9 * expected);
    });
    const got = statistics.varying.flatMap((a) =>
      statistics.varying.map((b) => correlation![a * features.length + b]!),
    );
    expect(relativeError(got, statistics.correlation)).toBeLessThan(1e-6);
  });
});

describe('near-duplicates are the nearest rows that scikit-learn’s pairwise distances name', () => {
  it.each([
    ['images', imageData, images.nearest],
    ['a table', tableData, table.nearest],
  ])('for %s', async (_, data, expected) => {
    const { pairs } = await findDuplicates(data, 1, unwatched);
    const byTest = pairs.toSorted((a, b) => a.test - b.test);
    expect(byTest.map((pair) => pair.train)).toEqual(expected.train);
    expect(
      relativeError(
        byTest.map((pair) => pair.distance),
        expected.distance,
      ),
    ).toBeLessThan(1e-6);
  });
});
