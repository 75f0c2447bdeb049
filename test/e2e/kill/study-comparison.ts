import type { FoldResult, TrialSummary } from '../../../src/shared/schema/study.ts';
import type { StoredNets, StoredStudy } from './study-home.ts';

/** Numbers that must not depend on how often it was killed: all but the time they took, and the learning curve. */
function numbersOf({ durationMs: _, curve: __, ...result }: FoldResult): string {
  return JSON.stringify(result);
}

/** Where only the last epoch counts it is left open which others are measured; what two curves share is the same. */
function sameCurve(a: FoldResult, b: FoldResult): boolean {
  const known = new Map(a.curve);
  return b.curve.every(([epoch, value]) => !known.has(epoch) || Object.is(known.get(epoch), value));
}

function ranking(trials: readonly TrialSummary[]): number[] {
  return [...trials]
    .sort((a, b) => (a.values[0] ?? Infinity) - (b.values[0] ?? Infinity) || a.number - b.number)
    .map(({ number }) => number);
}

/** Results that were stored and are gone or have changed, as sentences. */
export function lostNets(before: StoredNets, after: StoredNets, when: string): string[] {
  return [...before].flatMap(([key, result]) => {
    const now = after.get(key);
    if (now === undefined) return [`${when}: the result of ${key} is gone`];
    return JSON.stringify(now) === JSON.stringify(result)
      ? []
      : [`${when}: the result of ${key} has changed`];
  });
}

/** Where two studies of one search and seed differ in what they tried and found, as sentences. */
export function studyDifferences(expected: StoredStudy, found: StoredStudy): string[] {
  const faults: string[] = [];
  for (const [key, result] of expected.nets) {
    const own = found.nets.get(key);
    if (own === undefined) faults.push(`at the end: ${key} was never trained`);
    else if (numbersOf(own) !== numbersOf(result))
      faults.push(`at the end: ${key} has other numbers: ${numbersOf(own)}, not ${numbersOf(result)}`);
    else if (!sameCurve(own, result)) faults.push(`at the end: ${key} has another learning curve`);
  }
  const pointsOf = ({ trials }: StoredStudy): string => JSON.stringify(trials.map(({ point }) => point));
  if (found.state !== 'finished') faults.push(`at the end: the study is ${found.state}`);
  if (found.nets.size !== expected.nets.size) faults.push('at the end: the numbers of results differ');
  if (pointsOf(found) !== pointsOf(expected)) faults.push('at the end: the trials have other points');
  if (ranking(found.trials).join() !== ranking(expected.trials).join()) faults.push('the rankings differ');
  return faults;
}
