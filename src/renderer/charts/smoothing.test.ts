import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.ts';

/** The weighted mean written out, term by term. */
function closedForm(values: readonly number[], weight: number): number[] {
  return values.map((_, at) => {
    const terms = values.slice(0, at + 1).map((value, i) => [value * weight ** (at - i), weight ** (at - i)]);
    const total = (place: 0 | 1) => terms.reduce((sum, term) => sum + term[place]!, 0);
    return total(0) / total(1);
  });
}

describe('smoothing a curve', () => {
  const values = [2.3, 1.7, 1.9, 0.8, 0.85, 0.2];

  it.each([0.3, 0.6, 0.95])('is the weighted mean of all numbers so far, at weight %f', (weight) => {
    const smoothed = smooth(Float64Array.from(values), weight);
    closedForm(values, weight).forEach((expected, i) => expect(smoothed[i]).toBeCloseTo(expected, 12));
  });

  it('begins with the first number, not near zero', () => {
    for (const value of smooth(Float64Array.of(5, 5, 5), 0.99)) expect(value).toBeCloseTo(5, 12);
  });

  it('leaves the numbers alone at weight 0', () => {
    expect([...smooth(Float64Array.from(values), 0)]).toEqual(values);
  });

  it('keeps gaps and goes on behind them as if they were not there', () => {
    const smoothed = smooth(Float64Array.of(4, Number.NaN, 2), 0.5);
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBeCloseTo((4 * 0.5 + 2) / 1.5, 12);
  });
});
