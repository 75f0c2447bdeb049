import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  fairCoinTwoSided,
  normalTwoSided,
  studentLimit,
  studentTwoSided,
} from '../../src/main/metrics/statistics/distributions.ts';
import { holm } from '../../src/main/metrics/statistics/holm.ts';
import { accuracyDifferenceInterval, mcNemar } from '../../src/main/metrics/statistics/mcnemar.ts';
import { meanInterval, pairedEffectSize, pairedT } from '../../src/main/metrics/statistics/paired-t.ts';
import { wilcoxon } from '../../src/main/metrics/statistics/wilcoxon.ts';

/** Far below the 1e-6 that is asked for, so that nothing is right by luck. */
const TOLERANCE = 1e-9;

const two = z.tuple([z.number(), z.number()]);
const three = z.tuple([z.number(), z.number(), z.number()]);
const stored = z
  .strictObject({
    versions: z.strictObject({ scipy: z.string(), statsmodels: z.string() }),
    student: z.array(three),
    studentLimits: z.array(three),
    normal: z.array(two),
    coin: z.array(three),
    paired: z.array(
      z.strictObject({
        differences: z.array(z.number()),
        t: two,
        wilcoxon: two,
        interval: two,
        effectSize: z.number(),
      }),
    ),
    mcnemar: z.array(z.strictObject({ counts: three, mcnemar: two, interval: two })),
    holm: z.array(z.strictObject({ ps: z.array(z.number()), holm: z.array(z.number()) })),
  })
  .parse(JSON.parse(readFileSync(new URL('statistics.json', import.meta.url), 'utf8')));

/** Relative for what is large or tiny, so that small p-values count as well. */
function expectClose(found: number | undefined, expected: number): void {
  expect(found).toBeDefined();
  expect(Math.abs(found! - expected)).toBeLessThanOrEqual(TOLERANCE * Math.abs(expected) + 1e-300);
}

describe('distributions against SciPy', () => {
  it.each(stored.student)("Student's t %s with %s degrees of freedom", (t, freedom, p) => {
    expectClose(studentTwoSided(t, freedom), p);
    expectClose(studentTwoSided(-t, freedom), p);
  });
  it.each(stored.studentLimits)("Student's limit for p = %s with %s degrees", (p, freedom, limit) => {
    expectClose(studentLimit(p, freedom), limit);
  });
  it.each(stored.normal)('normal z %s', (value, p) => expectClose(normalTwoSided(value), p));
  it.each(stored.coin)('%s of %s tosses', (fewer, tosses, p) => {
    expectClose(fairCoinTwoSided(fewer, tosses), p);
  });
});

describe('paired tests against SciPy', () => {
  it.each(stored.paired.map((one) => [one.differences.length, one] as const))(
    '%i differences',
    (_, { differences, t, wilcoxon: signedRank, interval, effectSize }) => {
      expectClose(pairedT(differences)?.statistic, t[0]);
      expectClose(pairedT(differences)?.p, t[1]);
      expectClose(wilcoxon(differences)?.statistic, signedRank[0]);
      expectClose(wilcoxon(differences)?.p, signedRank[1]);
      expectClose(meanInterval(differences)?.[0], interval[0]);
      expectClose(meanInterval(differences)?.[1], interval[1]);
      expectClose(pairedEffectSize(differences) ?? undefined, effectSize);
    },
  );
});

describe('tests on the same examples against statsmodels', () => {
  it.each(stored.mcnemar.map((one) => [one.counts.join(', '), one] as const))(
    'fixed, broken, of: %s',
    (_, { counts: [fixed, broken, examples], mcnemar, interval }) => {
      expectClose(mcNemar(fixed, broken).statistic, mcnemar[0]);
      expectClose(mcNemar(fixed, broken).p, mcnemar[1]);
      const found = accuracyDifferenceInterval(fixed, broken, examples);
      expect(found[0]).toBeCloseTo(interval[0], 12);
      expect(found[1]).toBeCloseTo(interval[1], 12);
    },
  );
  it.each(stored.holm)("Holm's correction of $ps.length p-values", ({ ps, holm: expected }) => {
    holm(ps).forEach((p, i) => expectClose(p ?? undefined, expected[i]!));
  });
});
