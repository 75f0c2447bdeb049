import { describe, expect, it } from 'vitest';
import type { GroupTest } from '../../../shared/schema/comparison.ts';
import { groupSentence, type ComparedGroups } from './group-sentence.ts';
import { accuracyDifferenceInterval, mcNemar } from './mcnemar.ts';
import { meanInterval, pairedEffectSize, pairedT } from './paired-t.ts';
import { pairSentence } from './pair-sentence.ts';
import { wilcoxon } from './wilcoxon.ts';
import { differenceWords, intervalWords, pWords } from './words.ts';

const about: ComparedGroups = { a: 'sgd', b: 'adam', split: 'dev', metric: 'accuracy', family: 1 };

function told(differences: readonly number[], change: Partial<ComparedGroups> = {}): string {
  const [t, w, interval] = [pairedT(differences), wilcoxon(differences), meanInterval(differences)];
  const tested: Omit<GroupTest, 'a' | 'b' | 'sentence'> = {
    pairs: differences.length,
    meanDifference: differences.reduce((sum, d) => sum + d, 0) / (differences.length || 1),
    interval: interval === null ? null : [...interval],
    pairedT: t && { ...t, pHolm: t.p },
    wilcoxon: w && { ...w, pHolm: w.p },
    effectSize: pairedEffectSize(differences),
  };
  return groupSentence(tested, { ...about, ...change });
}

describe('the sentence of two groups', () => {
  it.each([[[]], [[0.01]], [[0.01, 0.02]]])('says that %j are too few seeds to tell', (differences) => {
    expect(told(differences)).toMatch(/^Too few seeds to tell: the two share [012] seeds?, at least 3/);
  });

  it('says which is better, by how much, and what Wilcoxon cannot tell', () => {
    expect(told([0.01, 0.012, 0.011, 0.009])).toBe(
      'adam is better than sgd, its dev accuracy higher by 1.05 points on average: 95 % interval of the difference 0.84 to 1.26 points, ' +
        '4 shared seeds, paired t test p = 0.000505, large effect, d = 8.13. ' +
        "Too few seeds for Wilcoxon's test to tell: with 4 its p is never below 0.125.",
    );
  });

  it('takes a lower loss for better', () => {
    const sentence = told([-0.1, -0.12, -0.11, -0.09, -0.1, -0.13], { metric: 'loss' });
    expect(sentence).toContain('adam is better than sgd, its dev loss lower by 0.108 on average');
    expect(sentence).toContain("Wilcoxon's test agrees (p = 0.0313).");
  });

  it('shows no difference where there is none, and names the correction', () => {
    const sentence = told([0.01, -0.012, 0.011, -0.009, 0.002, -0.003], { family: 6 });
    expect(sentence).toMatch(/^No difference shown in dev accuracy: 95 % interval of the difference -\d/);
    expect(sentence).toContain('corrected for 6 comparisons');
  });

  it('points at the seeds where the two tests disagree', () => {
    expect(told([1, 1.1, 1.2, 0.9, 1.05, 9])).toContain("Wilcoxon's test does not agree (p = 0.0313)");
  });

  it('needs no test where every seed says the same', () => {
    expect(told([0, 0, 0])).toBe('The same dev accuracy for each of 3 seeds.');
    expect(told([0.5, 0.5, 0.5])).toContain('without any spread no test applies');
  });
});

describe('the sentence of two nets', () => {
  const pair = (fixed: number, broken: number): string =>
    pairSentence({
      mcnemar: { fixed, broken, ...mcNemar(fixed, broken) },
      interval: [...accuracyDifferenceInterval(fixed, broken, 1_000)],
      accuracyA: 0.9,
      accuracyB: 0.9 + (fixed - broken) / 1_000,
    });

  it('says what changed and that it is about these nets', () => {
    expect(pair(60, 30)).toMatch(
      /^b is better than a by 3.00 points of accuracy \(95 % interval 1.15 to 4.85/,
    );
    expect(pair(30, 60)).toMatch(/^b is worse than a by 3.00 points/);
    expect(pair(60, 30)).toContain('not of other seeds');
  });
  it('shows no difference, by the exact test for few', () => {
    expect(pair(9, 5)).toMatch(/^No difference in accuracy shown .* McNemar's exact test p = 0.424/);
  });
  it('says when too few examples differ, or none', () => {
    expect(pair(5, 0)).toMatch(/^Too few examples differ to tell/);
    expect(pair(0, 0)).toBe('Both are right and wrong on the very same examples.');
  });
});

describe('numbers in words', () => {
  it('gives them the digits they deserve', () => {
    expect(differenceWords(0.00843, 'digit/accuracy')).toBe('0.84 points');
    expect(differenceWords(29812.4, 'root-mean-squared-error')).toBe('29800');
    expect(differenceWords(0.0000123, 'loss')).toBe('1.23e-5');
    expect(intervalWords([-0.001, 0.02], 'accuracy')).toBe('-0.10 to 2.00 points');
    expect(pWords(0.00001)).toBe('p < 0.0001');
    expect(pWords(0.0498)).toBe('p = 0.0498');
  });
});

describe('tests that cannot be made', () => {
  it('are null: one pair, no spread, only zeros', () => {
    expect(pairedT([0.3])).toBeNull();
    expect(pairedT([0.1, 0.1, 0.1])).toBeNull();
    expect(pairedEffectSize([0.1, 0.1])).toBeNull();
    expect(meanInterval([1])).toBeNull();
    expect(wilcoxon([0, 0])).toBeNull();
    expect(wilcoxon([])).toBeNull();
  });
});
