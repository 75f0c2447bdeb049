import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitDataset } from '../../src/main/data/index.ts';
import { datasetInfo } from '../../src/main/data/catalogue.ts';
import type { LoadedDataset, SplitIndices } from '../../src/main/data/loaded-dataset.ts';
import type { Engine } from '../../src/main/engine/engine.ts';
import { fitPreprocessing, type FittedPreprocessing } from '../../src/main/preprocess/index.ts';
import { splitSpec } from '../../src/shared/schema/dataset.ts';
import { preprocessingSpec } from '../../src/shared/schema/preprocessing.ts';
import { openTestEngine } from './engines.ts';

const ROWS = 40;
const FOLDS = 4;
const LABELS = Int32Array.from({ length: ROWS }, (_, row) => row % 2);

/** Two features of each row; the second one says nothing. */
function withFeatures(first: Float32Array): LoadedDataset {
  const values = Float32Array.from({ length: 2 * ROWS }, (_, at) => (at % 2 === 0 ? first[at / 2]! : 0));
  const part = { features: { shape: [ROWS, 2], values }, targets: [LABELS], exampleCount: ROWS };
  const info = datasetInfo({ dataset: 'circles', generator: null, table: null }, '');
  return { info: { ...info, trainExamples: ROWS, testExamples: ROWS }, train: part, test: part, sha256: '' };
}

/** The folds; they depend on the labels alone. */
const folds: readonly SplitIndices[] = Array.from({ length: FOLDS }, (_, index) => {
  const fold = { index, folds: FOLDS, repeat: 0, seed: 3 };
  return splitDataset(withFeatures(new Float32Array(ROWS)), { ...splitSpec.parse({}), fold }, index);
});

const SMALL = 0.001;
const OUTLIERS = [10, -10, 1, -1];

/**
 * A feature that betrays the class by its sign, but by so little that only the mean or the middle of all rows, the
 * held-out ones among them, lies between the classes: each fold holds one outlier, and without it both move.
 */
function betrayingFeature(): Float32Array {
  const values = Float32Array.from(LABELS, (label) => (label === 1 ? SMALL : -SMALL));
  folds.forEach(({ dev }, at) => {
    const outlier = OUTLIERS[at]!;
    values[dev.find((row) => LABELS[row] === (outlier > 0 ? 1 : 0))!] = outlier;
  });
  return values;
}

const everyRow = Int32Array.from(LABELS.keys());
const dataset = withFeatures(betrayingFeature());

/** The first prepared feature of some rows. */
async function prepare(fitted: FittedPreprocessing, rows: Int32Array): Promise<number[]> {
  const { features } = dataset.train;
  const source = fitted.materialise === null ? features : await fitted.materialise(features);
  const prepared = tf.tidy(() => fitted.apply(tf.tensor2d(source.values as Float32Array, [ROWS, 2])));
  const values = await prepared.data();
  prepared.dispose();
  return [...rows].map((row) => values[2 * row]!);
}

/** Cross-validated accuracy of telling the classes by a threshold, the preparation fitted on what `rowsOf` gives. */
async function accuracy(
  steps: readonly object[],
  threshold: number,
  rowsOf: (split: SplitIndices) => Int32Array,
): Promise<number> {
  let right = 0;
  for (const split of folds) {
    const fitted = fitPreprocessing(preprocessingSpec.parse(steps), dataset.train, rowsOf(split));
    const values = await prepare(fitted, split.dev);
    right += values.filter((value, at) => Number(value > threshold) === LABELS[split.dev[at]!]).length;
  }
  return right / ROWS;
}

const preparations = [
  { name: 'standardisation', steps: [{ kind: 'standardise' }], threshold: 0 },
  { name: 'scaling to extremes', steps: [{ kind: 'min-max' }], threshold: 0.5 },
  { name: 'ZCA whitening', steps: [{ kind: 'zca-whitening' }], threshold: 0 },
];

let engine: Engine;
beforeAll(async () => {
  engine = await openTestEngine('cpu');
});
afterAll(() => engine.dispose());

describe.each(preparations)('$name in a cross-validation', ({ steps, threshold }) => {
  it('would betray the held-out classes were it fitted on all rows, and does not', async () => {
    expect(await accuracy(steps, threshold, () => everyRow)).toBe(1);
    expect(await accuracy(steps, threshold, ({ train }) => train)).toBeLessThan(0.8);
  });

  it('has the same numbers, bit for bit, whatever the held-out rows hold', async () => {
    for (const { train, dev } of folds) {
      const changed = dataset.train.features.values.slice() as Float32Array;
      for (const row of dev) changed.set([1e6 * (row + 1), -row], 2 * row);
      const numbers = [];
      for (const values of [dataset.train.features.values, changed]) {
        const features = { shape: [ROWS, 2], values };
        const fitted = fitPreprocessing(
          preprocessingSpec.parse(steps),
          { features, targets: [LABELS] },
          train,
        );
        await fitted.materialise?.(features);
        numbers.push(JSON.stringify(fitted.toJSON()));
      }
      expect(numbers[1]).toBe(numbers[0]);
    }
  });
});

describe('standardisation of targets in a cross-validation', () => {
  const targets = betrayingFeature();
  const steps = preprocessingSpec.parse([{ kind: 'standardise-target' }]);
  const fit = (values: Float32Array, rows: Int32Array): FittedPreprocessing['target'] =>
    fitPreprocessing(steps, { features: dataset.train.features, targets: [values] }, rows).target;

  /** What a net is off that was given the targets as all rows standardise them, for a feature. */
  function errorOf(rowsOf: (split: SplitIndices) => Int32Array): number {
    const mean = targets.reduce((sum, value) => sum + value, 0) / ROWS;
    const deviation = Math.sqrt(targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS);
    const errors = folds.flatMap((split) => {
      const known = Array.from(split.dev, (row) => (targets[row]! - mean) / deviation);
      const predicted = fit(targets, rowsOf(split)).invertValues(known);
      return Array.from(split.dev, (row, at) => Math.abs(predicted[at]! - targets[row]!));
    });
    return Math.max(...errors);
  }

  it('would give the held-out targets away were it fitted on all rows, and does not', () => {
    expect(errorOf(() => everyRow)).toBeLessThan(1e-6);
    expect(errorOf(({ train }) => train)).toBeGreaterThan(0.1);
  });

  it('has the same numbers, bit for bit, whatever the held-out targets are', () => {
    for (const { train, dev } of folds) {
      const changed = targets.slice();
      for (const row of dev) changed[row] = 1e6 * (row + 1);
      const [before, after] = [fit(targets, train), fit(changed, train)].map((target) => [
        ...target.invertValues([0, 1]),
      ]);
      expect(after).toEqual(before);
    }
  });
});
