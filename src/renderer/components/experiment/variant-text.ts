import type { SearchParameter } from '../../../shared/schema/search.ts';

/** A value of a variant in a line of text; long ones are cut, the JSON tab has them whole. */
export function valueText(value: unknown, most = 90): string {
  if (value === null) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** What a variant changes, path by path. */
export function changesOf(set: Readonly<Record<string, unknown>>): { path: string; value: string }[] {
  return Object.entries(set).map(([path, value]) => ({ path, value: valueText(value) }));
}

/** What a searched parameter may be, e.g. "0.0001 to 0.01, logarithmic" or "16, 32, 64". */
export function rangeText(parameter: SearchParameter): string {
  if (parameter.kind === 'choice') return parameter.values.map((value) => valueText(value, 40)).join(', ');
  const range = `${parameter.minimum} to ${parameter.maximum}`;
  if (parameter.kind === 'log-uniform') return `${range}, logarithmic`;
  return parameter.kind === 'integer' ? `${range}, whole numbers` : range;
}
