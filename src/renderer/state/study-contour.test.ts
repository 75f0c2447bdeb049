import { describe, expect, it } from 'vitest';
import { meanGrid, winsorised } from './study-contour.ts';

const numbers = (...values: number[]) => Float64Array.from(values);

/** A regular grid of trials. */
function planeOf(value: (x: number, y: number) => number, side = 12) {
  const at = Array.from({ length: side * side }, (_, i) => [
    (i % side) / (side - 1),
    Math.floor(i / side) / (side - 1),
  ]);
  return {
    x: Float64Array.from(at, ([x]) => x!),
    y: Float64Array.from(at, ([, y]) => y!),
    values: Float64Array.from(at, ([x, y]) => value(x!, y!)),
  };
}

describe('the mean over two parameters', () => {
  it('is the value itself where all are alike, and lies between the values elsewhere', () => {
    const same = planeOf(() => 3);
    for (const cell of meanGrid(same.x, same.y, same.values, 16).cells) expect(cell).toBeCloseTo(3, 12);
    const slope = planeOf((x) => x);
    const { cells } = meanGrid(slope.x, slope.y, slope.values, 16);
    expect(cells[8 * 16 + 8]).toBeCloseTo(8.5 / 16, 2);
    expect(cells[0]!).toBeLessThan(cells[15]!);
    expect(cells[0]!).toBeCloseTo(cells[15 * 16]!, 6);
  });

  it('is the weighted mean of the trials near a cell, by its definition', () => {
    const [x, y, values] = [numbers(0.4, 0.6), numbers(0.5, 0.5), numbers(1, 5)];
    const width = 0.29 * 2 ** (-1 / 6);
    const weight = (share: number) => Math.exp(-((share - 0.375) ** 2) / (2 * width ** 2));
    const expected = (weight(0.4) + 5 * weight(0.6)) / (weight(0.4) + weight(0.6));
    expect(meanGrid(x, y, values, 4).cells[1 * 4 + 1]).toBeCloseTo(expected, 12);
  });

  it('says nothing where no trial is near, nor of trials without a value or a place', () => {
    const many = planeOf(() => 1, 20);
    const corner = many.x.map((x) => 0.05 * x);
    const { cells } = meanGrid(
      corner,
      many.y.map((y) => 0.05 * y),
      many.values,
      16,
    );
    expect(cells[0]).toBeCloseTo(1, 12);
    expect(cells[16 * 16 - 1]).toBeNaN();
    const lacking = meanGrid(numbers(Number.NaN, 0.5), numbers(0.5, 0.5), numbers(1, Number.NaN), 4);
    expect(lacking.cells.every(Number.isNaN)).toBe(true);
  });
});

it('moves values that ran away to the ends of the others', () => {
  const values = Float64Array.from({ length: 100 }, (_, i) => (i === 50 ? 1e6 : i));
  const moved = winsorised(values, 0.05);
  expect(Math.max(...moved)).toBeLessThanOrEqual(95);
  expect(Math.min(...moved)).toBe(5);
  expect(moved[30]).toBe(30);
  expect(winsorised(numbers(Number.NaN, 2), 0.05)[0]).toBeNaN();
});
