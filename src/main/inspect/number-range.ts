/** The smallest and the largest of some numbers. */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** Both ends of the finite numbers; 0 and 0 where there are none. */
export function numberRange(values: Float32Array): NumberRange {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return minimum <= maximum ? { minimum, maximum } : { minimum: 0, maximum: 0 };
}
