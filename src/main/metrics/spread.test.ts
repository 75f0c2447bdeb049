import { describe, expect, it } from 'vitest';
import { meanOf, sampleDeviation } from './spread.ts';

describe('spread over runs', () => {
  it('is the textbook mean and sample deviation', () => {
    // Eight numbers of mean 5 whose squared distances sum to 32.
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(meanOf(values)).toBe(5);
    expect(sampleDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 14);
  });

  it('says nothing of too few values', () => {
    expect([meanOf([]), sampleDeviation([]), sampleDeviation([3]), meanOf([3])]).toEqual([
      null,
      null,
      null,
      3,
    ]);
  });
});
