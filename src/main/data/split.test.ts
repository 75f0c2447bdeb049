import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SplitSpec } from '../../shared/schema/dataset.ts';
import { datasetInfo } from './catalogue.ts';
import type { LoadedDataset } from './loaded-dataset.ts';
import { apportion, splitDataset } from './split.ts';

function withLabels(labels: readonly number[], testExamples = 5): LoadedDataset {
  const part = (targets: Int32Array): LoadedDataset['train'] => ({
    features: { shape: [targets.length, 2], values: new Float32Array(2 * targets.length) },
    targets,
    exampleCount: targets.length,
  });
  return {
    info: datasetInfo({ dataset: 'circles', generator: null }),
    train: part(Int32Array.from(labels)),
    test: part(new Int32Array(testExamples)),
    sha256: '',
  };
}

const spec = (change: Partial<SplitSpec> = {}): SplitSpec => ({
  devFraction: 0.2,
  stratified: true,
  trainLimit: null,
  testLimit: null,
  ...change,
});

const anyCase = fc.record({
  labels: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 200 }),
  devFraction: fc.double({ min: 0, max: 0.95, noNaN: true }),
  stratified: fc.boolean(),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
});

describe('splitDataset', () => {
  it('divides the training part into two disjoint parts of exact size', () => {
    fc.assert(
      fc.property(anyCase, ({ labels, devFraction, stratified, seed }) => {
        const { train, dev, test } = splitDataset(
          withLabels(labels),
          spec({ devFraction, stratified }),
          seed,
        );
        const all = [...train, ...dev].sort((a, b) => a - b);
        expect(all).toEqual([...labels.keys()]);
        expect(dev.length).toBe(Math.min(Math.round(devFraction * labels.length), labels.length - 1));
        expect([...test]).toEqual([0, 1, 2, 3, 4]);
      }),
    );
  });

  it('keeps each class within one example of its share when stratified', () => {
    fc.assert(
      fc.property(anyCase, ({ labels, devFraction, seed }) => {
        const { dev } = splitDataset(withLabels(labels), spec({ devFraction }), seed);
        for (const label of new Set(labels)) {
          const size = labels.filter((value) => value === label).length;
          const share = (size * dev.length) / labels.length;
          const taken = [...dev].filter((row) => labels[row] === label).length;
          expect(Math.abs(taken - share)).toBeLessThan(1);
        }
      }),
    );
  });

  it('is the same for the same seed, another for another, and its fingerprint tells them apart', () => {
    const dataset = withLabels(Array.from({ length: 100 }, (_, row) => row % 3));
    const [first, again, other] = [1, 1, 2].map((seed) => splitDataset(dataset, spec(), seed));
    expect(again).toEqual(first);
    expect(other?.sha256).not.toBe(first?.sha256);
    expect(other?.dev).not.toEqual(first?.dev);
  });

  it('takes the first examples of the shuffled part, not of the file, under a limit', () => {
    const dataset = withLabels(new Array<number>(1_000).fill(0));
    const { train, dev, test } = splitDataset(dataset, spec({ trainLimit: 100, testLimit: 3 }), 4);
    expect([train.length, dev.length, [...test]]).toEqual([80, 20, [0, 1, 2]]);
    expect(Math.max(...train)).toBeGreaterThan(500);
  });

  it('refuses a limit above what there is, with the path of the field', () => {
    expect(() => splitDataset(withLabels([0, 1, 0]), spec({ trainLimit: 4 }), 1)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        details: expect.objectContaining({ path: 'data.split.trainLimit' }),
      }),
    );
  });
});

describe('apportion', () => {
  it('gives the left-over seats to the largest remainders', () => {
    // The worked example of the Hamilton method: quotas 4.7, 1.6, 1.58, 1.2, 0.6, 0.32.
    expect(apportion(10, [47_000, 16_000, 15_800, 12_000, 6_000, 3_200])).toEqual([5, 2, 1, 1, 1, 0]);
  });
});
