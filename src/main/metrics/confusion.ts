import type { ClassScore } from '../../shared/schema/results.ts';

/** How often each class was taken for each, [actual, predicted] flat. */
export function countConfusion(
  actual: Int32Array,
  predicted: Int32Array,
  classCount: number,
): Int32Array<ArrayBuffer> {
  const counts = new Int32Array(classCount * classCount);
  actual.forEach((label, i) => counts[label * classCount + predicted[i]!]!++);
  return counts;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Recall, precision and F1 (2 TP / (2 TP + FP + FN)) of each class; null where there is nothing to divide by. */
export function scoreClasses(confusion: Int32Array, names: readonly string[]): ClassScore[] {
  const count = names.length;
  return names.map((name, label) => {
    const right = confusion[label * count + label] ?? 0;
    let support = 0;
    let named = 0;
    for (let other = 0; other < count; other++) {
      support += confusion[label * count + other]!;
      named += confusion[other * count + label]!;
    }
    return {
      name,
      support,
      recall: ratio(right, support),
      precision: ratio(right, named),
      f1: ratio(2 * right, support + named),
    };
  });
}

/** Mean F1 over the classes that have one; null where none has. */
export function macroF1(scores: readonly ClassScore[]): number | null {
  const known = scores.flatMap(({ f1 }) => (f1 === null ? [] : [f1]));
  return ratio(
    known.reduce((sum, f1) => sum + f1, 0),
    known.length,
  );
}
