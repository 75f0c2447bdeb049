/**
 * Corrects the p-values of a family of tests by Holm's step-down method (1979), which keeps the chance of any false
 * positive among them. Tests that could not be made (null) do not count to the family.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const made = ps.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const corrected: (number | null)[] = ps.map(() => null);
  let largest = 0;
  made.forEach(({ p, index }, place) => {
    largest = Math.max(largest, Math.min(1, p * (made.length - place)));
    corrected[index] = largest;
  });
  return corrected;
}
