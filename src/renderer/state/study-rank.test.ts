import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { bestFirst, bestSoFar, distributionOf, paretoFront, rankShares } from './study-rank.ts';

const numbers = (...values: number[]) => Float64Array.from(values);
const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(Number.NaN)), {
  maxLength: 30,
});

describe('the order of trials', () => {
  it('puts the best first in either direction and leaves those without a value out', () => {
    expect(bestFirst(numbers(3, Number.NaN, 1, 2), 'minimise')).toEqual([2, 3, 0]);
    expect(bestFirst(numbers(3, Number.NaN, 1, 3), 'maximise')).toEqual([0, 3, 2]);
  });

  it('keeps the best so far, which begins with the first value', () => {
    const nan = Number.NaN;
    expect([...bestSoFar(numbers(nan, 5, 7, nan, 2, 4), 'minimise')]).toEqual([nan, 5, 5, 5, 2, 2]);
    expect([...bestSoFar(numbers(5, 7, 2), 'maximise')]).toEqual([5, 7, 7]);
  });

  it('shares ranks among equal values', () => {
    expect([...rankShares(numbers(10, 20, 20, 40), 'minimise')]).toEqual([0, 0.5, 0.5, 1]);
    expect([...rankShares(numbers(10, Number.NaN, 40), 'maximise')]).toEqual([1, Number.NaN, 0]);
    expect([...rankShares(numbers(7), 'minimise')]).toEqual([0]);
  });
});

describe('the Pareto front', () => {
  it('holds the trials that give up one number for the other', () => {
    const first = numbers(1, 2, 3, 2, Number.NaN);
    const second = numbers(9, 5, 1, 6, 0);
    expect(paretoFront(first, second, ['minimise', 'minimise'])).toEqual([0, 1, 2]);
    expect(paretoFront(first, second, ['minimise', 'maximise'])).toEqual([0]);
  });

  it('is what no trial dominates, by comparing every pair', () => {
    fc.assert(
      fc.property(values, values, fc.boolean(), (one, other, down) => {
        const size = Math.min(one.length, other.length);
        const [first, second] = [numbers(...one.slice(0, size)), numbers(...other.slice(0, size))];
        const sign = down ? 1 : -1;
        const all = Array.from({ length: size }, (_, i) => i).filter(
          (i) => !Number.isNaN(first[i]! + second[i]!),
        );
        const dominated = (i: number) =>
          all.some(
            (j) =>
              first[j]! <= first[i]! &&
              sign * second[j]! <= sign * second[i]! &&
              (first[j]! < first[i]! || sign * second[j]! < sign * second[i]!),
          );
        const front = paretoFront(first, second, ['minimise', down ? 'minimise' : 'maximise']);
        expect([...front].sort((a, b) => a - b)).toEqual(all.filter((i) => !dominated(i)));
      }),
    );
  });
});

describe('the empirical distribution', () => {
  it('steps up at each value, by as many trials as have it', () => {
    const { x, y } = distributionOf([3, 1, Number.NaN, 3, 2]);
    expect([...x]).toEqual([1, 2, 3]);
    expect([...y]).toEqual([0.25, 0.5, 1]);
  });

  it('has no steps without values', () => {
    expect(distributionOf([Number.NaN]).x).toHaveLength(0);
  });
});
