/** A value of a search's point in words: of an object with a kind, an optimizer say, its kind. */
export function pointText(value: unknown, numberText: (value: number) => string): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'object' && value !== null && 'kind' in value) return String(value.kind);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
