import { describe, expect, it } from 'vitest';
import { compares, parseQuery } from './explore-query.ts';

describe('a query', () => {
  it('is words and comparisons, all of which must hold', () => {
    expect(parseQuery('  Shirt  loss > 2 row:512 ')).toEqual([
      { kind: 'word', word: 'shirt' },
      { kind: 'number', name: 'loss', comparison: '>', value: 2 },
      { kind: 'number', name: 'row', comparison: '=', value: 512 },
    ]);
  });

  it.each([
    ['age>=.5', 'age', '>=', 0.5],
    ['age <= -1.5e3', 'age', '<=', -1500],
    ['x1=3', 'x1', '=', 3],
    ['"Gr Liv Area" < 900', 'gr liv area', '<', 900],
  ])('reads %s', (text, name, comparison, value) => {
    expect(parseQuery(text)).toEqual([{ kind: 'number', name, comparison, value }]);
  });

  it('keeps quoted words together', () => {
    expect(parseQuery('"First arm" 7')).toEqual([
      { kind: 'word', word: 'first arm' },
      { kind: 'word', word: '7' },
    ]);
  });

  it('takes what is not finished yet for words', () => {
    expect(parseQuery('loss >').map((term) => term.kind)).toEqual(['word', 'word']);
    expect(parseQuery('"first ar')).toHaveLength(2);
    expect(parseQuery('')).toEqual([]);
  });
});

describe('a comparison', () => {
  it('finds a float32 by the decimal that it was read from', () => {
    expect(compares(Math.fround(0.1), '=', 0.1)).toBe(true);
    expect(compares(Math.fround(0.1), '=', 0.11)).toBe(false);
  });

  it('never holds for what is not a number', () => {
    const signs = ['<', '<=', '=', '>=', '>'] as const;
    expect(signs.map((sign) => compares(Number.NaN, sign, 0))).toEqual(signs.map(() => false));
  });
});
