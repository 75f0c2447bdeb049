import { describe, expect, it } from 'vitest';
import { packMaps } from './pad-maps.ts';

/** Back to numbers. */
function unpack({ values, minimum, maximum }: ReturnType<typeof packMaps>): number[] {
  return [...values].map((step) => minimum + (step / 255) * (maximum - minimum));
}

describe('the maps sent to a drawing pad', () => {
  it('come within half a step of the numbers, ends included', () => {
    const values = Float32Array.from({ length: 4 * 5 * 3 }, (_, i) => Math.sin(i) * (i % 7));
    const packed = packMaps('conv', [4, 5, 3], values);
    const halfStep = (packed.maximum - packed.minimum) / 255 / 2;
    unpack(packed).forEach((value, i) =>
      expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(halfStep + 1e-6),
    );
    expect(packed.minimum).toBe(Math.min(...values));
    expect(packed.maximum).toBe(Math.max(...values));
  });

  it('name the units by their mean, the strongest first and of equals the first', () => {
    // Two places, four units: sums 3, 7, 3, 0.
    const packed = packMaps('conv', [1, 2, 4], Float32Array.of(1, 3, 3, 0, 2, 4, 0, 0));
    expect([...packed.order]).toEqual([1, 0, 2, 3]);
    expect(packMaps('dense', [3], Float32Array.of(-1, 2, 5)).order).toEqual(Int32Array.of(2, 1, 0));
  });

  it('are all the lower end where a layer says one number only', () => {
    const packed = packMaps('dense', [3], new Float32Array(3).fill(-2));
    expect([packed.minimum, packed.maximum, ...packed.values]).toEqual([-2, -2, 0, 0, 0]);
  });

  it('leave numbers that are not finite out of the scale and the order', () => {
    const packed = packMaps('dense', [4], Float32Array.of(Infinity, 1, NaN, 3));
    expect([packed.minimum, packed.maximum]).toEqual([1, 3]);
    expect(packed.values[3]).toBe(255);
    expect([...packed.order]).toEqual([3, 1, 0, 2]);
  });
});
