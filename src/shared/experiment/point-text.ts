const DIGITS = 4;

/**
 * A value of a search's point in words: a number with at most four significant digits and no zeros that say nothing; of an
 * object with a kind, an optimizer say, its kind.
 */
export function pointText(value: unknown): string {
  if (typeof value === 'number')
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS)));
  if (typeof value === 'object' && value !== null && 'kind' in value) return String(value.kind);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
