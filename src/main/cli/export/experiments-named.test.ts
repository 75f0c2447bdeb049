import { describe, expect, it } from 'vitest';
import { experimentsNamed } from './experiments-named.ts';

const entry = (id: string, ids: string[]) => ({
  id,
  experiment: { reference: ids.length === 0 ? null : { ids, report: 1, published: [] } },
});
const gallery = [
  entry('c1-mlp', ['C1']),
  entry('c2-cnn', ['C2']),
  entry('j-circles', ['J']),
  entry('j-svm', ['J']),
  entry('mnist', []),
];

describe('experiments by a word', () => {
  it.each([
    ['mnist', ['mnist']],
    ['C2', ['c2-cnn']],
    ['c2', ['c2-cnn']],
    ['J', ['j-circles', 'j-svm']],
    ['C', ['c1-mlp', 'c2-cnn']],
  ])('finds %s', (word, ids) => expect(experimentsNamed(word, gallery)).toEqual(ids));

  it.each(['Z9', ''])('refuses "%s" and says what there could be', (word) => {
    expect(() => experimentsNamed(word, gallery)).toThrow(/experiments list/);
  });
});
