/** Middle value; the mean of the two middle ones for an even count. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return NaN;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Largest relative difference between two lists, element by element; Infinity where they differ in length. */
export function largestRelativeDifference(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length || found.length === 0) return Infinity;
  return Math.max(
    ...found.map((value, i) => Math.abs(value - (expected[i] ?? NaN)) / Math.abs(expected[i] ?? NaN)),
  );
}
