import { describe, expect, it } from 'vitest';
import { sortClasses } from './class-rows.ts';

const scores = [
  { name: 'a', support: 5, recall: 0.5, precision: 1, f1: 0.6 },
  { name: 'b', support: 9, recall: null, precision: 0.5, f1: null },
  { name: 'c', support: 1, recall: 0.9, precision: 0.5, f1: 0.7 },
];

describe('the table of classes', () => {
  it('keeps the order of the dataset, or turns it round', () => {
    expect(sortClasses(scores, 'class', false).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(sortClasses(scores, 'class', true).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });

  it('puts what was not measured last either way', () => {
    expect(sortClasses(scores, 'recall', false).map(({ name }) => name)).toEqual(['a', 'c', 'b']);
    expect(sortClasses(scores, 'recall', true).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });

  it('leaves equals in their order and the scores as they were', () => {
    expect(sortClasses(scores, 'precision', false).map(({ name }) => name)).toEqual(['b', 'c', 'a']);
    expect(scores.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});
