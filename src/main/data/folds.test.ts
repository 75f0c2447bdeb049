import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSpec, type FoldSpec, type SplitSpec } from '../../shared/schema/dataset.ts';
import { datasetInfo } from './catalogue.ts';
import type { LoadedDataset, SplitIndices } from './loaded-dataset.ts';
import { splitCounts, splitDataset } from './split.ts';

/** A dataset of one part where `testExamples` is 0. */
function withLabels(labels: readonly number[], testExamples: number): LoadedDataset {
  const part = (targets: Int32Array): LoadedDataset['train'] => ({
    features: { shape: [targets.length, 1], values: new Float32Array(targets.length) },
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

const spec = (fold: FoldSpec, change: Partial<SplitSpec> = {}): SplitSpec => ({
  ...splitSpec.parse({}),
  fold,
  ...change,
});

const anyCut = fc
  .record({
    labels: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 120 }),
    folds: fc.integer({ min: 2, max: 9 }),
    repeat: fc.integer({ min: 0, max: 3 }),
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    testExamples: fc.constantFrom(0, 5),
    stratified: fc.boolean(),
  })
  .map((cut) => ({ ...cut, dataset: withLabels(cut.labels, cut.testExamples) }));

function cutAll(cut: {
  dataset: LoadedDataset;
  folds: number;
  repeat: number;
  seed: number;
  stratified: boolean;
}): SplitIndices[] {
  return Array.from({ length: cut.folds }, (_, index) => {
    const { folds, repeat, seed, stratified } = cut;
    // The run's own seed differs from net to net and must not matter.
    return splitDataset(cut.dataset, spec({ index, folds, repeat, seed }, { stratified }), index * 7 + 1);
  });
}

describe('the folds of a cross-validation', () => {
  it('hold out every example that is not of the test part exactly once', () => {
    fc.assert(
      fc.property(anyCut, (cut) => {
        const all = cutAll(cut);
        const locked = cut.testExamples === 0 ? new Set(all[0]!.test) : new Set<number>();
        const rows = cut.labels.map((_, row) => row).filter((row) => !locked.has(row));
        expect(all.flatMap(({ dev }) => [...dev]).sort((a, b) => a - b)).toEqual(rows);
        for (const { train, dev } of all) {
          expect([...train, ...dev].sort((a, b) => a - b)).toEqual(rows);
        }
      }),
    );
  });

  it('share one test part, whatever the seeds of their nets and in every repeat', () => {
    fc.assert(
      fc.property(anyCut, (cut) => {
        const tests = [...cutAll(cut), ...cutAll({ ...cut, repeat: cut.repeat + 1 })].map(({ test }) => [
          ...test,
        ]);
        expect(new Set(tests.map((test) => test.join())).size).toBe(1);
      }),
    );
  });

  it('are of one size, and of one size for each class where stratified, give or take one', () => {
    fc.assert(
      fc.property(anyCut, (cut) => {
        const all = cutAll({ ...cut, stratified: true });
        const spread = (counts: number[]): number => Math.max(...counts) - Math.min(...counts);
        expect(spread(all.map(({ dev }) => dev.length))).toBeLessThanOrEqual(1);
        for (const label of [0, 1, 2, 3]) {
          const counts = all.map(({ dev }) => [...dev].filter((row) => cut.labels[row] === label).length);
          expect(spread(counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('have as many examples as was said before anything was loaded', () => {
    fc.assert(
      fc.property(anyCut, (cut) => {
        cutAll(cut).forEach(({ train, dev, test }, index) => {
          const { folds, repeat, seed, testExamples } = cut;
          const counts = { trainExamples: cut.labels.length, testExamples };
          const said = splitCounts(spec({ index, folds, repeat, seed }), counts);
          expect({ train: train.length, dev: dev.length, test: test.length }).toEqual(said);
        });
      }),
    );
  });

  it('differ from repeat to repeat and from seed to seed', () => {
    const dataset = withLabels(
      Array.from({ length: 60 }, (_, row) => row % 3),
      5,
    );
    const cut = (change: Partial<FoldSpec>): string =>
      splitDataset(dataset, spec({ index: 0, folds: 5, repeat: 0, seed: 1, ...change }), 1).sha256;
    expect(new Set([cut({}), cut({ repeat: 1 }), cut({ seed: 2 })]).size).toBe(3);
    expect(cut({})).toBe(cut({}));
  });

  it('leave one out when there are as many as examples, and refuse more', () => {
    const dataset = withLabels([0, 1, 0, 1, 0], 5);
    const cut = (folds: number): SplitIndices =>
      splitDataset(dataset, spec({ index: 0, folds, repeat: 0, seed: 1 }), 1);
    expect(cut(5).dev).toHaveLength(1);
    expect(() => cut(6)).toThrow(/6 folds of 5 examples/);
  });
});
