import { describe, expect, it } from 'vitest';
import {
  barsPath,
  countActive,
  lineInputs,
  orderUnits,
  rangeOf,
  stripPicture,
  unitsOf,
} from './profile-look.ts';

const layer = { layer: 'hidden', units: 3, values: Float32Array.of(0, 2, 1, -1, 0, 4) };

describe('the look of a profile', () => {
  it('asks for a line from end to end', () => {
    const xs = lineInputs(-5, 5, 5).map((input) => (input.kind === 'values' ? [...input.values] : []));
    expect(xs).toEqual([[-5], [-2.5], [0], [2.5], [5]]);
  });

  it('takes the units of one input, by number or the largest first', () => {
    const values = unitsOf(layer, 1);
    expect([...values]).toEqual([-1, 0, 4]);
    expect([...orderUnits(values, 'number')]).toEqual([0, 1, 2]);
    expect([...orderUnits(values, 'largest')]).toEqual([2, 1, 0]);
    expect(countActive(values)).toBe(2);
  });

  it('has one scale for all inputs, zero in it', () => {
    expect(rangeOf(layer)).toEqual([-1, 4]);
    expect(rangeOf({ ...layer, values: Float32Array.of(2, 3, 4) })).toEqual([0, 4]);
  });

  it('draws a bar from zero to each number', () => {
    // In a box of 50: 4 is its top, zero at 40, -1 its bottom; each unit is 10 wide.
    const path = barsPath(unitsOf(layer, 1), Int32Array.of(0, 2), [-1, 4], 20, 50);
    expect(path).toBe('M0.00 40.00V50.00h8.60V40.00ZM10.00 40.00V0.00h8.60V40.00Z');
  });

  it('paints a row per input and a column per unit', () => {
    const { width, height, pixels } = stripPicture(layer, Int32Array.of(2, 1, 0), 2);
    expect([width, height, pixels.length]).toEqual([3, 2, 24]);
    const pixel = (at: number) => [...pixels.subarray(at * 4, at * 4 + 3)];
    // White is zero where there are numbers on both sides of it.
    expect([pixel(2), pixel(4)]).toEqual([
      [255, 255, 255],
      [255, 255, 255],
    ]);
    expect(pixel(3)).not.toEqual(pixel(0));
  });
});
