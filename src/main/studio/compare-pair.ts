import { StudioError } from '../../shared/ipc/errors.ts';
import { PAIR_SETS, type PairComparison, type PairSet } from '../../shared/schema/comparison.ts';
import type { ClassificationResult, RunResults } from '../../shared/schema/results.ts';
import { accuracyDifferenceInterval, mcNemar } from '../metrics/statistics/mcnemar.ts';
import { pairSentence } from '../metrics/statistics/pair-sentence.ts';
import type { RunRecord } from '../store/run-records.ts';

/** One side of the comparison: what its net predicts, and what its run was made with. */
export interface PairSide {
  readonly record: RunRecord;
  readonly results: RunResults;
}

/**
 * Two classifiers on the same examples.
 * @param head by name; null for the first that classifies
 * @throws StudioError `unsupported` where one does not classify, `conflict` where they saw different examples
 */
export function comparePair(a: PairSide, b: PairSide, head: string | null): PairComparison {
  const [ofA, ofB] = [classified(a, head), classified(b, head)];
  refuseOtherExamples(a, b, ofA, ofB);
  const sets = Uint8Array.from(ofA.actual, (actual, i) =>
    PAIR_SETS.indexOf(setOf(actual, ofA.predicted[i]!, ofB.predicted[i]!)),
  );
  const examples = sets.length;
  const count = (set: PairSet): number => sets.filter((code) => PAIR_SETS[code] === set).length;
  const [fixed, broken] = [count('fixed'), count('broken')];
  const right = count('both-right');
  const compared = {
    accuracyA: (right + broken) / examples,
    accuracyB: (right + fixed) / examples,
    mcnemar: { fixed, broken, ...mcNemar(fixed, broken) },
    interval: [...accuracyDifferenceInterval(fixed, broken, examples)] satisfies [number, number],
  };
  return {
    classes: ofA.classes,
    rows: ofA.rows,
    actual: ofA.actual,
    predictedA: ofA.predicted,
    predictedB: ofB.predicted,
    sets,
    agreement: countAgreement(ofA, ofB),
    ...compared,
    sentence: pairSentence(compared),
  };
}

function setOf(actual: number, a: number, b: number): PairSet {
  if (a === actual) return b === actual ? 'both-right' : 'broken';
  if (b === actual) return 'fixed';
  return a === b ? 'both-wrong-alike' : 'both-wrong-differently';
}

function countAgreement(a: ClassificationResult, b: ClassificationResult): Int32Array<ArrayBuffer> {
  const counts = new Int32Array(a.classes.length ** 2);
  a.predicted.forEach((predicted, i) => counts[predicted * a.classes.length + b.predicted[i]!]!++);
  return counts;
}

function classified({ results, record }: PairSide, head: string | null): ClassificationResult {
  const found = results.heads.find(({ name, result }) =>
    head === null ? result.kind === 'classification' : name === head,
  );
  if (found?.result.kind === 'classification') return found.result;
  const heads = results.heads.map(({ name, result }) => `${name} (${result.kind})`).join(', ');
  throw new StudioError(
    'unsupported',
    `compare: run ${record.summary.id} has ${heads}, expected ${head === null ? 'a head that classifies' : `a head "${head}" that classifies`}; ` +
      'compare regressions by their curves and groups',
    { runId: record.summary.id, head },
  );
}

function refuseOtherExamples(
  a: PairSide,
  b: PairSide,
  ofA: ClassificationResult,
  ofB: ClassificationResult,
): void {
  const ids = { a: a.record.summary.id, b: b.record.summary.id };
  const [dataA, dataB] = [a, b].map(({ record }) => record.provenance?.dataSha256 ?? null);
  if (dataA === null || dataA !== dataB) {
    throw new StudioError(
      'conflict',
      `compare: runs ${ids.a} and ${ids.b} were made from different data (${a.record.summary.dataset}, ` +
        `${b.record.summary.dataset}), expected the same; choose two runs on the same dataset`,
      ids,
    );
  }
  if (sameNumbers(ofA.rows, ofB.rows) && sameNumbers(ofA.actual, ofB.actual)) return;
  throw new StudioError(
    'conflict',
    `compare: the ${a.results.split} parts of runs ${ids.a} and ${ids.b} hold different examples, expected the same; ` +
      'compare them on test, or choose runs with the same seed and split',
    ids,
  );
}

function sameNumbers(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
