import { describe, expect, it } from 'vitest';
import { sampleRegression } from '../state/testing/sample-results.ts';
import { binCount, binNumbers, coverage, evenPositions, extentOf, padded, residuals } from './regression.ts';

describe('numbers of a regression', () => {
  it('are taken evenly where there are many', () => {
    expect(evenPositions(10, 4)).toEqual([0, 2, 5, 7]);
    expect(evenPositions(3, 4)).toEqual([0, 1, 2]);
  });

  it('have an extent of what is finite', () => {
    expect(extentOf([1, Number.NaN, 5], Float32Array.from([-2, Infinity]))).toEqual([-2, 5]);
    expect(extentOf([Number.NaN])).toBeNull();
    expect(padded([0, 100])).toEqual([-4, 104]);
    expect(padded([3, 3])[0]).toBeLessThan(3);
  });

  it('fall into equal bins, the largest into the last', () => {
    const histogram = binNumbers([0, 1, 2, 3, 4, Number.NaN], 4);
    expect(histogram).toMatchObject({ minimum: 0, maximum: 4, counts: [1, 1, 1, 2], notFinite: 1, mean: 2 });
    expect(histogram.standardDeviation).toBeCloseTo(Math.sqrt(2), 12);
  });

  it('fall into one bin where all are equal, and none where there are none', () => {
    expect(binNumbers([2, 2], 3).counts).toEqual([2, 0, 0]);
    expect(binNumbers([], 2)).toMatchObject({ counts: [0, 0], mean: 0, standardDeviation: 0 });
    expect([binCount(4), binCount(400), binCount(1e6)]).toEqual([5, 20, 40]);
  });

  it('leave actual minus predicted', () => {
    const result = {
      ...sampleRegression(2, false),
      actual: Float32Array.from([3, 1]),
      predicted: Float32Array.from([1, 2]),
    };
    expect([...residuals(result)]).toEqual([2, -1]);
  });

  it('are covered by the sigma that is predicted, where one is', () => {
    const result = {
      ...sampleRegression(4, false),
      actual: Float32Array.from([0, 0, 0, 0]),
      predicted: Float32Array.from([0.5, -1, 1.5, 3]),
    };
    expect(coverage(result, 1)).toBeNull();
    const withSigma = { ...result, sigma: Float32Array.from([1, 1, 1, 1]) };
    expect([coverage(withSigma, 1), coverage(withSigma, 2)]).toEqual([0.5, 0.75]);
  });
});
