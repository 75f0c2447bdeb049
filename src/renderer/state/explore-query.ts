/** How a number is compared in a query. */
export type Comparison = '<' | '<=' | '=' | '>=' | '>';

/** One thing asked of an example: a word to be found, or a number to be compared. */
export type QueryTerm =
  | { readonly kind: 'word'; readonly word: string }
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly comparison: Comparison;
      readonly value: number;
    };

const COMPARED = /^("[^"]+"|[^\s"<>=:]+)\s*(<=|>=|<|>|=|:)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;
/** A comparison with its number, or a word; names with spaces stand in quotes. */
const TERM =
  /(?:"[^"]+"|[^\s"<>=:]+)\s*(?:<=|>=|<|>|=|:)\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?=\s|$)|"[^"]+"|\S+/gi;

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

function termOf(text: string): QueryTerm {
  const match = COMPARED.exec(text);
  if (match === null) return { kind: 'word', word: unquoted(text).toLowerCase() };
  const [, name = '', sign = '=', number = ''] = match;
  return {
    kind: 'number',
    name: unquoted(name).toLowerCase(),
    comparison: sign === ':' ? '=' : (sign as Comparison),
    value: Number(number),
  };
}

/**
 * A typed query as the terms that an example must all fulfil: words ("7", "shirt", a word of a note) and comparisons
 * ("loss > 2", "row:512", "Gr Liv Area" in quotes).
 */
export function parseQuery(text: string): QueryTerm[] {
  return [...text.trim().matchAll(TERM)].map(([term]) => termOf(term));
}

/** Does a number compare as asked? What is not a number never does. */
export function compares(value: number, comparison: Comparison, with_: number): boolean {
  switch (comparison) {
    case '<':
      return value < with_;
    case '<=':
      return value <= with_;
    case '=':
      return value === with_ || Math.fround(with_) === value;
    case '>=':
      return value >= with_;
    case '>':
      return value > with_;
  }
}
