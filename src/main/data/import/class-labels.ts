/** Whole numbers of any width. */
type NumberArray = ArrayLike<number> & Iterable<number>;

/** Labels of every part, renumbered 0, 1, ... in order of the numbers found, and these numbers as class names. */
export interface ClassLabels {
  readonly classes: readonly string[];
  readonly parts: readonly Int32Array[];
}

/** Makes classes of whatever whole numbers a dataset uses as labels. */
export function numberClasses(parts: readonly NumberArray[]): ClassLabels {
  const found = new Set<number>();
  for (const part of parts) for (const value of part) found.add(value);
  const sorted = [...found].sort((a, b) => a - b);
  const codes = new Map(sorted.map((value, code) => [value, code]));
  return {
    classes: sorted.map(String),
    parts: parts.map((part) => Int32Array.from(part, (value) => codes.get(value)!)),
  };
}
