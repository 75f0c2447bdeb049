import type { GroupTest } from '../../../shared/schema/comparison.ts';
import { smallestWilcoxonP } from './wilcoxon.ts';
import {
  countWords,
  differenceWords,
  effectWords,
  intervalWords,
  isHigherBetter,
  measureWords,
  pWords,
  SIGNIFICANCE,
} from './words.ts';

/** Fewest shared seeds from which anything is told. */
export const FEWEST_PAIRS = 3;

/** What is compared, in words. */
export interface ComparedGroups {
  readonly a: string;
  readonly b: string;
  readonly split: string;
  readonly metric: string;
  /** Pairs of groups that were tested, which Holm corrected for. */
  readonly family: number;
}

type Tested = Omit<GroupTest, 'a' | 'b' | 'sentence'>;

/** What the tests of two groups come to, in plain words; Student's paired test decides, Wilcoxon's is told beside it. */
export function groupSentence(tested: Tested, about: ComparedGroups): string {
  const { pairs, meanDifference, pairedT: t } = tested;
  if (pairs < FEWEST_PAIRS) {
    return `Too few seeds to tell: the two share ${countWords(pairs, 'seed')}, at least ${FEWEST_PAIRS} are needed.`;
  }
  if (t === null || meanDifference === null) return withoutSpread(tested, about);
  const verdict =
    t.pHolm <= SIGNIFICANCE ? differing(meanDifference, about) : `No difference shown in ${measure(about)}`;
  return `${verdict}: ${evidence(tested, about)}. ${wilcoxonWords(tested, t.pHolm)}`;
}

function measure({ split, metric }: ComparedGroups): string {
  return measureWords(split, metric);
}

function withoutSpread({ pairs, meanDifference }: Tested, about: ComparedGroups): string {
  if (meanDifference === 0) return `The same ${measure(about)} for each of ${pairs} seeds.`;
  const size = differenceWords(Math.abs(meanDifference ?? 0), about.metric);
  return `The same difference of ${size} for each of ${pairs} seeds: without any spread no test applies.`;
}

function differing(meanDifference: number, about: ComparedGroups): string {
  const { a, b, metric } = about;
  const higher = meanDifference > 0;
  const better = higher === isHigherBetter(metric);
  const direction = higher ? 'higher' : 'lower';
  const size = differenceWords(Math.abs(meanDifference), metric);
  return `${b} is ${better ? 'better' : 'worse'} than ${a}, its ${measure(about)} ${direction} by ${size} on average`;
}

function evidence({ pairs, interval, pairedT: t, effectSize }: Tested, about: ComparedGroups): string {
  const corrected = about.family > 1 ? ` corrected for ${about.family} comparisons` : '';
  return [
    interval === null ? null : `95 % interval of the difference ${intervalWords(interval, about.metric)}`,
    `${pairs} shared seeds`,
    t === null ? null : `paired t test ${pWords(t.pHolm)}${corrected}`,
    effectSize === null ? null : effectWords(effectSize),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function wilcoxonWords({ pairs, wilcoxon }: Tested, pOfT: number): string {
  const smallest = smallestWilcoxonP(pairs);
  if (smallest > SIGNIFICANCE) {
    return `Too few seeds for Wilcoxon's test to tell: with ${pairs} its p is never below ${Number(smallest.toPrecision(3))}.`;
  }
  if (wilcoxon === null) return "Wilcoxon's test does not apply.";
  const agrees = wilcoxon.pHolm <= SIGNIFICANCE === pOfT <= SIGNIFICANCE;
  return agrees
    ? `Wilcoxon's test agrees (${pWords(wilcoxon.pHolm)}).`
    : `Wilcoxon's test does not agree (${pWords(wilcoxon.pHolm)}): look at the single seeds.`;
}
