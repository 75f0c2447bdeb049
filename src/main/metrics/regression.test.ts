import { describe, expect, it } from 'vitest';
import { scoreRegression } from './regression.ts';

describe('errors of a regression', () => {
  it('are nothing for perfect predictions', () => {
    const values = Float32Array.of(1, 2, 4);
    expect(scoreRegression(values, values)).toEqual({
      rootMeanSquaredError: 0,
      meanAbsoluteError: 0,
      r2: 1,
    });
  });

  it('explain nothing where the mean is predicted', () => {
    expect(scoreRegression(Float32Array.of(1, 2, 3), Float32Array.of(2, 2, 2)).r2).toBe(0);
  });

  it('have no R2 where all targets are equal', () => {
    expect(scoreRegression(Float32Array.of(2, 2), Float32Array.of(1, 3)).r2).toBeNull();
  });
});
