import type { ClassificationResult } from '../../shared/schema/results.ts';
import type { ClassEvidence } from './class-evidence.ts';

const RANKS = [1, 3, 5] as const;

/** How many classes come before the right one, of each example; among equals the lower label comes first. */
function rankRightClasses({ classCount, values }: ClassEvidence, actual: Int32Array): Int32Array {
  return actual.map((label, example) => {
    const start = example * classCount;
    const own = values[start + label]!;
    let before = 0;
    for (let other = 0; other < classCount; other++) {
      const value = values[start + other]!;
      if (value > own || (value === own && other < label)) before++;
    }
    return before;
  });
}

/** Share of examples whose class is among the k likeliest, for each k of 1, 3 and 5 that leaves a class out. */
export function topKAccuracies(evidence: ClassEvidence, actual: Int32Array): ClassificationResult['topK'] {
  const ranks = rankRightClasses(evidence, actual);
  return RANKS.filter((k) => k < evidence.classCount).map((k) => ({
    k,
    accuracy: ranks.reduce((count, rank) => count + (rank < k ? 1 : 0), 0) / ranks.length,
  }));
}
