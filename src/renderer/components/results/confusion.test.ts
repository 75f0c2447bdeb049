import { describe, expect, it } from 'vitest';
import { classificationOf, sampleClassification } from '../../state/testing/sample-results.ts';
import {
  countAt,
  describeCell,
  describeConfusion,
  examplesAt,
  intensityAt,
  largestCount,
  mistakes,
  mostConfused,
  orderClasses,
  shareAt,
} from './confusion.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

/** Of three cats one is taken for a dog; the dog is right; there is no bird, but a cat is named one. */
const result = classificationOf(
  ['cat', 'dog', 'bird'],
  [0, 0, 0, 1, 0],
  [0, 1, 0, 1, 2],
  [0.9, 0.6, 0.7, 0.8, 0.95],
);

describe('a confusion matrix', () => {
  it('counts by actual row and predicted column', () => {
    expect(countAt(result, { actual: 0, predicted: 1 })).toBe(1);
    expect(countAt(result, { actual: 1, predicted: 0 })).toBe(0);
    expect(largestCount(result)).toBe(2);
  });

  it('shares a row out among its own examples, and none where there are none', () => {
    expect(shareAt(result, { actual: 0, predicted: 0 })).toBe(0.5);
    expect(shareAt(result, { actual: 2, predicted: 2 })).toBeNull();
  });

  it('colours by square root, from none to the largest', () => {
    const at = (actual: number, predicted: number) =>
      intensityAt(result, { actual, predicted }, 'counts', largestCount(result));
    expect([at(0, 0), at(0, 1), at(1, 0)]).toEqual([1, Math.sqrt(0.5), 0]);
    expect(intensityAt(result, { actual: 1, predicted: 1 }, 'shares', 1)).toBe(1);
  });

  it('puts the class with most mistakes first, and one without examples last', () => {
    expect(orderClasses(result, 'original')).toEqual([0, 1, 2]);
    expect(orderClasses(result, 'worst-first')).toEqual([0, 1, 2]);
    const swapped = classificationOf(['a', 'b'], [0, 1], [0, 0], [1, 1]);
    expect(orderClasses(swapped, 'worst-first')).toEqual([1, 0]);
  });

  it("finds a cell's examples, the most confident first", () => {
    expect(examplesAt(result, { actual: 0, predicted: 0 })).toEqual([0, 2]);
    expect(examplesAt(result, { actual: 2, predicted: 2 })).toEqual([]);
  });

  it('lists mistakes, the most confident first', () => {
    expect(mistakes(result)).toEqual([4, 1]);
  });

  it('reads in words', () => {
    expect(plain(describeCell(result, { actual: 0, predicted: 1 }))).toBe(
      'actual cat, predicted dog: 1, 25.00 % of cat',
    );
    expect(describeCell(result, { actual: 2, predicted: 1 })).toBe('actual bird, predicted dog: 0');
    expect(plain(describeConfusion(result))).toBe(
      '3 classes, 5 examples, 60.00 % right. Most often taken: cat for dog (1), cat for bird (1).',
    );
  });

  it('has as many examples in its cells as there are, for many classes', () => {
    const large = sampleClassification(
      Array.from({ length: 30 }, (_, label) => `class ${label}`),
      1_500,
    );
    const cells = orderClasses(large, 'worst-first').flatMap((actual) =>
      large.classes.map((_, predicted) => examplesAt(large, { actual, predicted }).length),
    );
    expect(cells.reduce((sum, count) => sum + count, 0)).toBe(1_500);
    expect(mostConfused(large, 3)).toHaveLength(3);
  });
});
