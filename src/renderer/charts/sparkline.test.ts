import { describe, expect, it } from 'vitest';
import { sparklinePath } from './sparkline.ts';

describe('sparklinePath', () => {
  it('runs from the highest value at the top to the lowest at the bottom', () => {
    expect(sparklinePath([4, 2, 0], 10, 8)).toBe('M0.0 0.0L5.0 4.0L10.0 8.0');
  });

  it('breaks where nothing was measured', () => {
    expect(sparklinePath([1, null, 0], 10, 10)).toBe('M0.0 0.0M10.0 10.0');
  });

  it('draws nothing of nothing, and a flat line flat', () => {
    expect(sparklinePath([], 10, 10)).toBe('');
    expect(sparklinePath([null, Number.NaN], 10, 10)).toBe('');
    expect(sparklinePath([3, 3], 10, 10)).toBe('M0.0 10.0L10.0 10.0');
  });
});
