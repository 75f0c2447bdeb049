import { describe, expect, it } from 'vitest';
import { formatAshaReport, isBorneOut, type AshaResults, type SeedResult } from './asha-report.ts';

function seedOf(seed: number, halvedEpochs: number, halvedLoss: number): SeedResult {
  return {
    seed,
    whole: { epochs: 600, trial: 1, loss: 0.1, testLoss: 0.2 },
    halved: { epochs: halvedEpochs, trial: 2, loss: halvedLoss, testLoss: null, finished: 4, pruned: 6 },
    standardError: 0.01,
  };
}

function resultsOf(seeds: readonly SeedResult[]): AshaResults {
  const settings = { minimumEpochs: 20, reductionFactor: 4, trials: 10, folds: 5 };
  return { date: '2026-11-21', machine: 'a machine', ...settings, seeds };
}

const seeds = (count: number, make: (seed: number) => SeedResult): SeedResult[] =>
  Array.from({ length: count }, (_, at) => make(at + 1));

describe('what is claimed of halving', () => {
  it('holds with a third of the epochs and winners within a standard error in 18 of 20 seeds', () => {
    const within = seeds(18, (seed) => seedOf(seed, 200, 0.1099));
    const beyond = [19, 20].map((seed) => seedOf(seed, 200, 0.1101));
    expect(isBorneOut(resultsOf([...within, ...beyond]))).toBe(true);
    expect(isBorneOut(resultsOf([...within.slice(1), seedOf(1, 200, 0.1101), ...beyond]))).toBe(false);
  });

  it('does not hold with more than a third of all epochs', () => {
    const some = seeds(10, (seed) => seedOf(seed, 150, 0.1));
    expect(isBorneOut(resultsOf([...some, ...seeds(10, (seed) => seedOf(seed, 250, 0.1))]))).toBe(true);
    expect(isBorneOut(resultsOf([...some, ...seeds(10, (seed) => seedOf(seed, 251, 0.1))]))).toBe(false);
  });

  it('is shown seed by seed', () => {
    const report = formatAshaReport(resultsOf([seedOf(7, 200, 0.105), seedOf(8, 100, 0.2)]));
    expect(report).toContain(
      '| 7 | 1 k | 0 k | 3.00 x | 0.1000 ± 0.0100 | 0.1050 | yes | 4 / 6 | 0.2000 | not finite |',
    );
    expect(report).toMatch(/^\| 8 \|.*\*\*no\*\*/m);
    expect(report).toContain('4.00\ntimes fewer (least 3.00');
  });
});
