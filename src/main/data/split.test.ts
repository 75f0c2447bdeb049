import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SplitSpec } from '../../shared/schema/dataset.ts';
import { datasetInfo } from './catalogue.ts';
import type { LoadedDataset } from './loaded-dataset.ts';
import { apportion, splitCounts, splitDataset } from './split.ts';

function withLabels(labels: readonly number[], testExamples = 5): LoadedDataset {
  const part = (targets: Int32Array): LoadedDataset['train'] => ({
    features: { shape: [targets.length, 2], values: new Float32Array(2 * targets.length) },
    targets: [targets],
    exampleCount: targets.length,
  });
  const train = part(Int32Array.from(labels));
  const info = datasetInfo({ dataset: 'circles', generator: null, table: null }, '');
  return {
    info: { ...info, trainExamples: labels.length, testExamples },
    train,
    test: testExamples === 0 ? train : part(new Int32Array(testExamples)),
    sha256: '',
  };
}

const spec = (change: Partial<SplitSpec> = {}): SplitSpec => ({
  devFraction: 0.2,
  devExamples: null,
  testExamples: null,
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

const numbers = { min: 0, max: 200 };

describe('splitting a dataset that comes as one part', () => {
  const anyOnePart = fc.record({
    labels: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 10, maxLength: 200 }),
    testExamples: fc.option(fc.integer(numbers), { nil: null }),
    devExamples: fc.option(fc.integer(numbers), { nil: null }),
    devFraction: fc.double({ min: 0, max: 0.5, noNaN: true }),
    stratified: fc.boolean(),
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  });

  it('draws disjoint lists that hold every row once, of the sizes asked for', () => {
    fc.assert(
      fc.property(anyOnePart, ({ labels, seed, ...change }) => {
        const testCount = change.testExamples ?? Math.round(labels.length / 5);
        fc.pre(testCount > 0 && testCount + (change.devExamples ?? 0) < labels.length);
        const { train, dev, test } = splitDataset(withLabels(labels, 0), spec(change), seed);
        const all = [...train, ...dev, ...test].sort((a, b) => a - b);
        expect(all).toEqual([...labels.keys()]);
        expect(test.length).toBe(testCount);
        if (change.devExamples !== null) expect(dev.length).toBe(change.devExamples);
        expect(train.length).toBeGreaterThan(0);
      }),
    );
  });

  it('keeps each class within one example of its share of the test part, and of dev in what is left', () => {
    fc.assert(
      fc.property(anyOnePart, ({ labels, seed }) => {
        const { train, dev, test } = splitDataset(withLabels(labels, 0), spec({ devFraction: 0.3 }), seed);
        const count = (rows: Iterable<number>, label: number): number =>
          [...rows].filter((row) => labels[row] === label).length;
        for (const label of new Set(labels)) {
          const inTest = count(test, label);
          const size = count(labels.keys(), label);
          expect(Math.abs(inTest - (size * test.length) / labels.length)).toBeLessThan(1);
          const left = train.length + dev.length;
          const devShare = ((size - inTest) * dev.length) / left;
          expect(Math.abs(count(dev, label) - devShare)).toBeLessThan(1);
        }
      }),
    );
  });

  it('divides as report 4 divides its houses: 1,000, 200 and 260', () => {
    const dataset = withLabels(new Array<number>(1_460).fill(0), 0);
    const { train, dev, test } = splitDataset(dataset, spec({ devExamples: 200, testExamples: 260 }), 1);
    expect([train.length, dev.length, test.length]).toEqual([1_000, 200, 260]);
  });

  it('takes another test part under another seed, and fewer of it under a limit', () => {
    const dataset = withLabels(new Array<number>(100).fill(0), 0);
    const [first, again, other] = [1, 1, 2].map((seed) => splitDataset(dataset, spec(), seed));
    expect(again).toEqual(first);
    expect(other?.test).not.toEqual(first?.test);
    const limited = splitDataset(dataset, spec({ testLimit: 7 }), 1);
    expect(limited.test.length).toBe(7);
    expect([...first!.test]).toEqual(expect.arrayContaining([...limited.test]));
    expect([...limited.train]).toEqual([...first!.train]);
  });

  it.each([
    [{ testExamples: 10 }, 'data.split.testExamples'],
    [{ testExamples: 4, devExamples: 6 }, 'data.split.devExamples'],
    [{ testExamples: 4, trainLimit: 7 }, 'data.split.trainLimit'],
    [{ testExamples: 4, testLimit: 5 }, 'data.split.testLimit'],
  ])('refuses %o of ten examples', (change, path) => {
    expect(() => splitDataset(withLabels(new Array<number>(10).fill(0), 0), spec(change), 1)).toThrow(
      expect.objectContaining({ code: 'invalid-input', details: expect.objectContaining({ path }) }),
    );
  });
});

describe('splitCounts', () => {
  it('says before anything is loaded what the split will have', () => {
    const dataset = withLabels(
      Array.from({ length: 60 }, (_, row) => row % 3),
      0,
    );
    for (const change of [{}, { devExamples: 11 }, { testExamples: 9, trainLimit: 30, testLimit: 4 }]) {
      const { train, dev, test } = splitDataset(dataset, spec(change), 3);
      expect(splitCounts(spec(change), dataset.info)).toEqual({
        train: train.length,
        dev: dev.length,
        test: test.length,
      });
    }
  });

  it('leaves the test part of a dataset that has one alone', () => {
    const counts = splitCounts(spec({ testExamples: 3, devExamples: 5 }), {
      trainExamples: 20,
      testExamples: 8,
    });
    expect(counts).toEqual({ train: 15, dev: 5, test: 8 });
  });
});

describe('apportion', () => {
  it('gives the left-over seats to the largest remainders', () => {
    // The worked example of the Hamilton method: quotas 4.7, 1.6, 1.58, 1.2, 0.6, 0.32.
    expect(apportion(10, [47_000, 16_000, 15_800, 12_000, 6_000, 3_200])).toEqual([5, 2, 1, 1, 1, 0]);
  });
});
