import { beforeEach, describe, expect, it } from 'vitest';
import { comparedRuns, groupComparison, PAIR_SETS, pairComparison } from '../../shared/schema/comparison.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { ClassificationResult, HeadResult } from '../../shared/schema/results.ts';
import { MemoryRunStore } from '../store/memory-run-store.ts';
import { epochRecord, newRun, point, sampleExperiment, sampleProvenance } from '../store/store-test-kit.ts';
import { createCompareCalls, type CompareCalls } from './compare-calls.ts';
import { toSeconds } from './compare-series.ts';

const at = (batchSize: number): Experiment => {
  const plain = sampleExperiment();
  return { ...plain, training: { ...plain.training, batchSize } };
};

let store: MemoryRunStore;
let nowMs = 0;
const heads = new Map<string, HeadResult[]>();
let calls: CompareCalls;

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1);
  store = new MemoryRunStore({ now: () => nowMs, isProcessAlive: () => true });
  heads.clear();
  calls = createCompareCalls({
    runs: store,
    resultsOf: ({ runId, epoch, split }) => ({ runId, epoch: epoch ?? 1, split, heads: heads.get(runId)! }),
  });
});

/** A finished run of two epochs; its dev accuracy was better after the first. */
function train(id: string, batchSize: number, seed: number, [best, last]: readonly [number, number]): string {
  nowMs += 1_000;
  const runId = `run${id}x`.padEnd(12, '0');
  store.createRun(newRun(runId, { experiment: at(batchSize), experimentSha256: `sha-${batchSize}`, seed }));
  store.setState(runId, 'running');
  store.setProvenance(runId, sampleProvenance);
  [best, last].forEach((accuracy, i) => {
    const record = epochRecord(runId, i + 1, 1 - accuracy);
    store.appendEpoch(runId, {
      ...record,
      points: [point('train', 'loss', i + 1, 1), point('dev', 'accuracy', i + 1, accuracy)],
    });
  });
  store.setState(runId, 'finished');
  return runId;
}

describe('compare.runs', () => {
  it('shows the settings that differ and the numbers at the end', async () => {
    const [a, b] = [train('a', 8, 1, [0.9, 0.8]), train('b', 16, 1, [0.7, 0.6])];
    const compared = comparedRuns.parse(await calls['compare.runs']({ runIds: [b, a, b] }));
    expect(compared.fields).toEqual(['training.batchSize']);
    expect(compared.curves).toEqual(['dev/accuracy', 'train/loss']);
    expect(compared.runs.map(({ summary, settings, final }) => [summary.id, settings, final])).toEqual([
      [b, { 'training.batchSize': 16 }, { 'dev/accuracy': 0.6, 'train/loss': 1 }],
      [a, { 'training.batchSize': 8 }, { 'dev/accuracy': 0.8, 'train/loss': 1 }],
    ]);
  });

  it('refuses a run that is not there', () => {
    expect(() => calls['compare.runs']({ runIds: ['run00nothing'] })).toThrow(/run00nothing/);
  });
});

describe('compare.series', () => {
  it('gives each curve with epochs, steps and seconds, and leaves out what a run lacks', async () => {
    const runIds = [train('a', 8, 1, [0.9, 0.8]), train('b', 8, 2, [0.7, 0.6])];
    const curves = [
      { split: 'dev', metric: 'accuracy' },
      { split: 'test', metric: 'loss' },
    ] as const;
    const found = await calls['compare.series']({ runIds, curves: [...curves] });
    expect(found).toHaveLength(2);
    expect(found[1]).toEqual({
      runId: runIds[1],
      split: 'dev',
      metric: 'accuracy',
      epochs: Int32Array.of(1, 2),
      steps: Int32Array.of(10, 20),
      seconds: Float64Array.of(0.05, 0.1),
      values: Float64Array.of(0.7, 0.6),
    });
  });

  it('draws time in straight lines within epochs and stops at the last', () => {
    const times = { steps: [10, 20], durationsMs: [1_000, 3_000] };
    expect([...toSeconds([0, 5, 10, 15, 20, 25], times)]).toEqual([0, 0.5, 1, 2.5, 4, 4]);
    expect([...toSeconds([1, 2], { steps: [], durationsMs: [] })]).toEqual([0, 0]);
  });
});

describe('compare.groups', () => {
  const ask = { split: 'dev', metric: 'accuracy', at: 'last' } as const;

  it('groups by everything but the seed and tests pairs over the seeds they share', async () => {
    const runIds = [1, 2, 3, 4].flatMap((seed) => [
      train(`a${seed}`, 8, seed, [0.9, 0.8 + seed / 1_000]),
      train(`b${seed}`, 16, seed, [0.5, 0.85 + seed / 500]),
    ]);
    runIds.push(train('c9', 16, 9, [0.1, 0.2]));
    const { groups, tests } = groupComparison.parse(await calls['compare.groups']({ ...ask, runIds }));
    expect(groups.map(({ label, seeds, count }) => [label, seeds, count])).toEqual([
      ['batchSize 8', [1, 2, 3, 4], 4],
      ['batchSize 16', [1, 2, 3, 4, 9], 5],
    ]);
    expect(groups[0]!.mean).toBeCloseTo(0.8025, 12);
    expect(groups[0]!.standardDeviation).toBeCloseTo(Math.sqrt(5 / 3) / 1_000, 12);
    expect(tests).toHaveLength(1);
    expect(tests[0]).toMatchObject({ a: 0, b: 1, pairs: 4, wilcoxon: { p: 0.125, pHolm: 0.125 } });
    expect(tests[0]!.meanDifference).toBeCloseTo(0.0525, 12);
    expect(tests[0]!.sentence).toMatch(/^batchSize 16 is better than batchSize 8/);
  });

  it('takes the best epoch on dev where asked to', async () => {
    const runIds = [train('a', 8, 1, [0.9, 0.8]), train('b', 8, 2, [0.6, 0.7])];
    const { groups } = await calls['compare.groups']({ ...ask, runIds, at: 'best-dev' });
    expect(groups[0]!.values).toEqual([0.9, 0.7]);
    const loss = await calls['compare.groups']({ ...ask, metric: 'none', runIds, at: 'best-dev' });
    expect(loss.groups[0]).toMatchObject({ values: [null, null], mean: null, interval: null, count: 0 });
  });

  it('counts the same seed once, by the run made last', async () => {
    const runIds = [train('a', 8, 1, [0.9, 0.8]), train('b', 8, 1, [0.6, 0.7])];
    const { groups } = await calls['compare.groups']({ ...ask, runIds });
    expect(groups[0]).toMatchObject({ runIds: [runIds[1]], seeds: [1], values: [0.7], count: 1 });
  });

  it('says that one seed is too few, and corrects only for tests that were made', async () => {
    const runIds = [train('a', 8, 1, [0, 0.8]), train('b', 16, 1, [0, 0.7]), train('c', 32, 2, [0, 0.6])];
    const { tests } = await calls['compare.groups']({ ...ask, runIds });
    expect(tests.map(({ pairs, pairedT }) => [pairs, pairedT])).toEqual([
      [1, null],
      [0, null],
      [0, null],
    ]);
    expect(tests[0]!.sentence).toBe('Too few seeds to tell: the two share 1 seed, at least 3 are needed.');
  });

  it('corrects over all pairs by Holm', async () => {
    const seeds = [1, 2, 3, 4, 5, 6];
    const runIds = [8, 16, 32].flatMap((size) =>
      seeds.map((seed) => train(`${size}x${seed}`, size, seed, [0, 0.5 + size / 100 + (seed % size) / 997])),
    );
    const { tests } = await calls['compare.groups']({ ...ask, runIds });
    const ordered = tests.map((test) => test.wilcoxon!).sort((a, b) => a.p - b.p);
    expect(ordered.map(({ p }) => p)).toEqual([1 / 32, 1 / 32, 1 / 32]);
    expect(ordered.map(({ pHolm }) => pHolm)).toEqual([3 / 32, 3 / 32, 3 / 32]);
  });

  it('tests no pairs of very many groups, and says so', async () => {
    const runIds = Array.from({ length: 41 }, (_, i) => train(`g${i}`, i + 1, 1, [0, 0.5]));
    const { groups, tests, untested } = await calls['compare.groups']({ ...ask, runIds });
    expect([groups.length, tests.length]).toEqual([41, 0]);
    expect(untested).toMatch(/^41 groups make 820 pairs/);
  });
});

function classification(predicted: readonly number[], actual: readonly number[]): ClassificationResult {
  return {
    kind: 'classification',
    classes: ['zero', 'one', 'two'],
    rows: Int32Array.from(actual, (_, i) => i),
    actual: Int32Array.from(actual),
    predicted: Int32Array.from(predicted),
  } as unknown as ClassificationResult;
}

describe('compare.pair', () => {
  const actual = [0, 0, 1, 1, 2, 2];
  let a = '';
  let b = '';
  beforeEach(() => {
    a = train('a', 8, 1, [0.5, 0.6]);
    b = train('b', 16, 1, [0.5, 0.6]);
    heads.set(a, [{ name: 'digit', result: classification([0, 1, 1, 0, 0, 1], actual) }]);
    heads.set(b, [{ name: 'digit', result: classification([0, 0, 0, 0, 1, 2], actual) }]);
  });
  const ask = (head: string | null = null) =>
    calls['compare.pair']({ a: { runId: a, epoch: null }, b: { runId: b, epoch: 2 }, split: 'test', head });

  it('sorts the examples into sets and tests what changed', async () => {
    const pair = pairComparison.parse(await ask());
    expect([...pair.sets].map((code) => PAIR_SETS[code])).toEqual([
      'both-right',
      'fixed',
      'broken',
      'both-wrong-alike',
      'both-wrong-differently',
      'fixed',
    ]);
    expect([...pair.agreement]).toEqual([2, 1, 0, 2, 0, 1, 0, 0, 0]);
    expect(pair).toMatchObject({ accuracyA: 2 / 6, accuracyB: 3 / 6 });
    expect(pair.mcnemar).toEqual({ fixed: 2, broken: 1, statistic: 1, p: 1, exact: true });
    expect(pair.sentence).toMatch(/^Too few examples differ to tell/);
  });

  it('refuses other examples, other data, and heads that do not classify, in words', async () => {
    await expect(ask('colour')).rejects.toThrow(/expected a head "colour" that classifies/);
    heads.set(b, [{ name: 'digit', result: classification([0, 0], [0, 1]) }]);
    await expect(ask()).rejects.toThrow(/the test parts of runs .* hold different examples/);
    const other = 'runother0000';
    store.createRun(newRun(other));
    store.setProvenance(other, { ...sampleProvenance, dataSha256: 'f'.repeat(64) });
    heads.set(other, heads.get(a)!);
    b = other;
    await expect(ask()).rejects.toMatchObject({ code: 'conflict' });
    await expect(ask()).rejects.toThrow(/made from different data/);
    heads.set(b, [{ name: 'price', result: { kind: 'regression' } as unknown as HeadResult['result'] }]);
    await expect(ask()).rejects.toThrow(/has price \(regression\), expected a head that classifies/);
  });
});
