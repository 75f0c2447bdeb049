import { normalTwoSided } from './distributions.ts';
import type { TestResult } from './paired-t.ts';

/** Most differences for the exact distribution, without and with ties or zeros among them (SciPy's limits). */
const MOST_EXACT = 50;
const MOST_EXACT_TIED = 13;

interface Ranks {
  /** Twice the mean rank of each size, so that it is whole. */
  readonly doubled: readonly number[];
  /** How many share each rank that is shared. */
  readonly ties: readonly number[];
}

/** Mean ranks of sizes in ascending order. */
function rank(sizes: readonly number[]): Ranks {
  const doubled: number[] = [];
  const ties: number[] = [];
  for (let from = 0; from < sizes.length;) {
    let to = from;
    while (to < sizes.length && sizes[to] === sizes[from]) to++;
    for (let i = from; i < to; i++) doubled.push(from + 1 + to);
    if (to - from > 1) ties.push(to - from);
    from = to;
  }
  return { doubled, ties };
}

/** Probability that a random choice of signs leaves the sum of the positive (doubled) ranks at most at `limit`. */
function lowerTail(doubled: readonly number[], limit: number): number {
  const ways = new Float64Array(limit + 1);
  ways[0] = 1;
  for (const step of doubled) {
    for (let sum = limit; sum >= step; sum--) ways[sum]! += ways[sum - step]!;
  }
  return ways.reduce((sum, count) => sum + count, 0) / 2 ** doubled.length;
}

function normalP(statistic: number, { doubled, ties }: Ranks): number {
  const n = doubled.length;
  const mean = (n * (n + 1)) / 4;
  const tied = ties.reduce((sum, count) => sum + count ** 3 - count, 0);
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1) - tied / 2) / 24);
  return normalTwoSided((statistic - mean) / deviation);
}

/**
 * Wilcoxon's signed rank test that differences lie evenly around 0, two-sided (Wilcoxon 1945; differences of 0 are left
 * out). The statistic is the smaller sum of ranks. The p is exact for up to 50 differences without ties or zeros and for
 * up to 13 with them, else by the normal approximation with the ties' correction: as SciPy does it. Null where every
 * difference is zero, and where one is no number.
 */
export function wilcoxon(differences: readonly number[]): TestResult | null {
  if (differences.some(Number.isNaN)) return null;
  const ordered = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  if (ordered.length === 0) return null;
  const ranks = rank(ordered.map(Math.abs));
  const total = ranks.doubled.reduce((sum, r) => sum + r, 0);
  const positive = ranks.doubled.reduce((sum, r, i) => (ordered[i]! > 0 ? sum + r : sum), 0);
  const smaller = Math.min(positive, total - positive);
  const plain = ranks.ties.length === 0 && ordered.length === differences.length;
  const exact = differences.length <= (plain ? MOST_EXACT : MOST_EXACT_TIED);
  const p = exact ? Math.min(1, 2 * lowerTail(ranks.doubled, smaller)) : normalP(smaller / 2, ranks);
  return { statistic: smaller / 2, p };
}

/** The smallest p that Wilcoxon's test can give for so many differences. */
export function smallestWilcoxonP(differences: number): number {
  return Math.min(1, 2 ** (1 - differences));
}
