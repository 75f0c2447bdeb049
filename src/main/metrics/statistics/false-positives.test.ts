import { describe, expect, it } from 'vitest';
import { openStream, type RandomStream } from '../../../shared/random/stream.ts';
import { fairCoinTwoSided } from './distributions.ts';
import { holm } from './holm.ts';
import { mcNemar } from './mcnemar.ts';
import { pairedT } from './paired-t.ts';
import { wilcoxon } from './wilcoxon.ts';
import { SIGNIFICANCE } from './words.ts';

const COMPARISONS = 1_000;

/** Share of simulated comparisons of a thing with itself that are told to differ; each has a stream of its own. */
function falsePositives(label: string, pOf: (stream: RandomStream) => number | undefined): number {
  let found = 0;
  for (let i = 0; i < COMPARISONS; i++) {
    const p = pOf(openStream(i, 'search', label));
    if (p !== undefined && p <= SIGNIFICANCE) found += 1;
  }
  return found / COMPARISONS;
}

/** Differences of two measurements with the same mean per seed, each with its own noise. */
function seedDifferences(stream: RandomStream, seeds: number): number[] {
  return Array.from({ length: seeds }, () => stream.nextNormal() - stream.nextNormal());
}

/** Two nets that are wrong equally often on a test set of so many examples, half of their errors in common. */
function countChanges(stream: RandomStream, examples: number, errorRate: number): [number, number] {
  let [fixed, broken] = [0, 0];
  const alone = errorRate / 2;
  for (let i = 0; i < examples; i++) {
    const u = stream.nextUniform();
    if (u < alone) fixed += 1;
    else if (u < 2 * alone) broken += 1;
  }
  return [fixed, broken];
}

function expectAboutFivePercent(share: number): void {
  expect(share).toBeGreaterThanOrEqual(0.03);
  expect(share).toBeLessThanOrEqual(0.07);
}

describe('1,000 comparisons of a thing with itself, at 0.05', () => {
  it.each([3, 5, 10, 30])('the paired t test over %i seeds finds 3 to 7 %', (seeds) => {
    expectAboutFivePercent(
      falsePositives(`t-${seeds}`, (stream) => pairedT(seedDifferences(stream, seeds))?.p),
    );
  });

  it.each([6, 8, 10, 30, 60])("Wilcoxon's test over %i seeds finds 3 to 7 %", (seeds) => {
    expectAboutFivePercent(
      falsePositives(`wilcoxon-${seeds}`, (stream) => wilcoxon(seedDifferences(stream, seeds))?.p),
    );
  });

  it("Wilcoxon's test finds nothing below 6 seeds, whose smallest p is above 0.05", () => {
    expect(falsePositives('wilcoxon-5', (stream) => wilcoxon(seedDifferences(stream, 5))?.p)).toBe(0);
  });

  // 10,000 examples: MNIST at 98 %, Fashion-MNIST at 90 %; 2,007: USPS at 96.5 %.
  it.each([
    [10_000, 0.02],
    [10_000, 0.1],
    [2_007, 0.035],
  ])("McNemar's test on %i examples with %d errors finds 3 to 7 %", (examples, errorRate) => {
    const p = (stream: RandomStream): number => mcNemar(...countChanges(stream, examples, errorRate)).p;
    expectAboutFivePercent(falsePositives(`mcnemar-${examples}-${errorRate}`, p));
  });

  it("McNemar's exact test finds at most 5 %, and fewer the fewer examples differ: its p takes few values", () => {
    const share = (changed: number): number => {
      const ps = Array.from({ length: changed + 1 }, (_, fixed) => mcNemar(fixed, changed - fixed).p);
      const weights = ps.map((_, k) => Math.exp(logWays(changed, k) - changed * Math.LN2));
      return weights.reduce((sum, weight, k) => (ps[k]! <= SIGNIFICANCE ? sum + weight : sum), 0);
    };
    const shares = Array.from({ length: 24 }, (_, i) => share(i + 1));
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.05);
    expect(shares.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(share(6)).toBeCloseTo(fairCoinTwoSided(0, 6), 12);
  });

  it("ten tests at once find something in 3 to 7 % of families with Holm's correction, and far more without", () => {
    const family = (stream: RandomStream): number[] =>
      Array.from({ length: 10 }, () => pairedT(seedDifferences(stream, 5))?.p ?? 1);
    const corrected = falsePositives('holm', (stream) =>
      Math.min(...holm(family(stream)).map((p) => p ?? 1)),
    );
    expectAboutFivePercent(corrected);
    expect(falsePositives('holm', (stream) => Math.min(...family(stream)))).toBeGreaterThan(0.3);
  });
});

/** log of the ways to choose k of n. */
function logWays(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
