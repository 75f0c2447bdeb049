import type { GroupComparison, GroupTest, RunGroup } from '../../shared/schema/comparison.ts';
import { meanOf } from '../metrics/spread.ts';
import { groupSentence } from '../metrics/statistics/group-sentence.ts';
import { holm } from '../metrics/statistics/holm.ts';
import { meanInterval, pairedEffectSize, pairedT, type TestResult } from '../metrics/statistics/paired-t.ts';
import { wilcoxon } from '../metrics/statistics/wilcoxon.ts';
import type { CurveName } from '../store/run-records.ts';

/** With more groups, correcting for every pair would leave nothing to find, and nobody reads so many sentences. */
const MOST_GROUPS = 40;

interface Pair {
  readonly a: number;
  readonly b: number;
  /** b - a, per seed that both have a number for. */
  readonly differences: readonly number[];
}

/** Every pair of groups tested over the seeds they share, p-values corrected over all of the pairs. */
export function testPairs(
  groups: readonly RunGroup[],
  curve: CurveName,
): Pick<GroupComparison, 'tests' | 'untested'> {
  if (groups.length > MOST_GROUPS) {
    const untested =
      `${groups.length} groups make ${(groups.length * (groups.length - 1)) / 2} pairs, too many to test each: ` +
      `choose at most ${MOST_GROUPS} groups.`;
    return { tests: [], untested };
  }
  const pairs = groups.flatMap((_, a) => groups.slice(a + 1).map((__, i) => toPair(groups, a, a + 1 + i)));
  const ts = pairs.map(({ differences }) => pairedT(differences));
  const wilcoxons = pairs.map(({ differences }) => wilcoxon(differences));
  const holmTs = correct(ts);
  const holmWilcoxons = correct(wilcoxons);
  const family = ts.filter((t) => t !== null).length;
  const tests = pairs.map(({ a, b, differences }, i): GroupTest => {
    const interval = meanInterval(differences);
    const tested = {
      a,
      b,
      pairs: differences.length,
      meanDifference: meanOf(differences),
      interval: interval === null ? null : ([...interval] satisfies [number, number]),
      pairedT: holmTs[i]!,
      wilcoxon: holmWilcoxons[i]!,
      effectSize: pairedEffectSize(differences),
    };
    const about = { a: groups[a]!.label, b: groups[b]!.label, ...curve, family };
    return { ...tested, sentence: groupSentence(tested, about) };
  });
  return { tests };
}

function toPair(groups: readonly RunGroup[], a: number, b: number): Pair {
  const valuesOfA = new Map(groups[a]!.seeds.map((seed, i) => [seed, groups[a]!.values[i] ?? null]));
  const differences = groups[b]!.seeds.flatMap((seed, i) => {
    const [x, y] = [valuesOfA.get(seed) ?? null, groups[b]!.values[i] ?? null];
    return x === null || y === null ? [] : [y - x];
  });
  return { a, b, differences };
}

function correct(results: readonly (TestResult | null)[]): GroupTest['pairedT'][] {
  const corrected = holm(results.map((result) => result?.p ?? null));
  return results.map((result, i) => (result === null ? null : { ...result, pHolm: corrected[i] ?? 1 }));
}
