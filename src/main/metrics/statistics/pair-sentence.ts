import type { PairComparison } from '../../../shared/schema/comparison.ts';
import { fairCoinTwoSided } from './distributions.ts';
import { countWords, differenceWords, intervalWords, pWords, SIGNIFICANCE } from './words.ts';

const METRIC = 'accuracy';

type Compared = Pick<PairComparison, 'mcnemar' | 'interval' | 'accuracyA' | 'accuracyB'>;

/** What McNemar's test of two nets on the same examples comes to, in plain words. */
export function pairSentence({ mcnemar, interval, accuracyA, accuracyB }: Compared): string {
  const { fixed, broken, p, exact } = mcnemar;
  const changed = fixed + broken;
  if (changed === 0) return 'Both are right and wrong on the very same examples.';
  const counts = `b puts right ${countWords(fixed, 'example')} that a had wrong and gets ${broken} wrong that a had right`;
  if (fairCoinTwoSided(0, changed) > SIGNIFICANCE) {
    return `Too few examples differ to tell: ${counts}; at least 6 must differ.`;
  }
  const difference = accuracyB - accuracyA;
  const better = difference > 0 ? 'b is better than a' : 'b is worse than a';
  const verdict =
    p <= SIGNIFICANCE
      ? `${better} by ${differenceWords(Math.abs(difference), METRIC)} of accuracy`
      : 'No difference in accuracy shown';
  const test = exact ? "McNemar's exact test" : "McNemar's test";
  return `${verdict} (95 % interval ${intervalWords(interval, METRIC)}): ${counts}, ${test} ${pWords(p)}. It speaks of these two trained nets, not of other seeds.`;
}
