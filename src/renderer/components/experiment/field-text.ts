import type { Json } from '../../text/json-path.ts';
import type { FieldKind } from './fields.ts';

/** How a value reads in a typed field. */
export function textOf(value: unknown, input?: FieldKind): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    if (input?.kind === 'numbers') return value.join(', ');
    return value[0] === value[1] ? String(value[0]) : value.join(' × ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseNumber(text: string): number | null {
  const trimmed = text.trim().replaceAll(/(?<=\d),(?=\d{3})/g, '');
  const value = Number(trimmed);
  return trimmed !== '' && Number.isFinite(value) ? value : null;
}

function parseSides(text: string): Json | undefined {
  const parts = text.split(/[×x,\s]+/).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const [height, width] = parts.map(parseNumber);
  if (height === null || height === undefined || parts.length > 2) return text;
  if (width === undefined) return height;
  return width === null ? text : [height, width];
}

/** Each part on its own, so that a wrong one is named by its place. */
function parseNumbers(text: string): Json[] {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== '');
  return parts.map((part) => parseNumber(part) ?? part);
}

/**
 * The value a typed text means. What means nothing is kept as it is written, so that the check can say what is
 * wrong with it; undefined takes the key away, and with it the default comes back.
 */
export function valueOf(text: string, input: FieldKind): Json | undefined {
  if (input.kind === 'number') {
    if (text.trim() === '') return input.nullable ? null : text;
    return parseNumber(text) ?? text;
  }
  if (input.kind === 'sides') return parseSides(text);
  if (input.kind === 'numbers') return parseNumbers(text);
  return text === '' && input.kind === 'text' && input.rows === undefined ? undefined : text;
}
