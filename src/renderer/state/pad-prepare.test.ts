import { describe, expect, it } from 'vitest';
import { blankPicture, type PictureShape, type PictureValues } from './pad-picture.ts';
import { place } from './pad-prepare.ts';

/** A filled box of ink on paper. */
function boxOn(
  shape: PictureShape,
  box: readonly [number, number, number, number],
  paper = 0,
): PictureValues {
  const values = blankPicture(shape, paper);
  const [top, left, bottom, right] = box;
  const [, width, channels] = shape;
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++)
      values.fill(255 - paper, (row * width + column) * channels, (row * width + column + 1) * channels);
  return values;
}

/** Rows and columns that hold ink, as [first, last + 1]. */
function extentOf([height, width, channels]: PictureShape, values: PictureValues, paper = 0): number[] {
  const has = (row: number, column: number) =>
    Math.abs(values[(row * width + column) * channels]! - paper) > 64;
  const rows = [...Array(height).keys()].filter((r) => [...Array(width).keys()].some((c) => has(r, c)));
  const columns = [...Array(width).keys()].filter((c) => [...Array(height).keys()].some((r) => has(r, c)));
  return [rows[0]!, columns[0]!, rows.at(-1)! + 1, columns.at(-1)! + 1];
}

const grey = [28, 28, 1] as const;

describe('what the nets are shown', () => {
  it('is the drawing itself unless something else is asked for', () => {
    const values = boxOn(grey, [1, 2, 5, 9]);
    expect(place('as-drawn', grey, values, 0)).toBe(values);
  });

  it('has its centre of mass in the middle, moved by whole pixels', () => {
    const values = boxOn(grey, [1, 2, 5, 10]);
    expect(place('centred', grey, values, 0)).toEqual(boxOn(grey, [12, 10, 16, 18]));
  });

  it('is centred by its mass, not by its box', () => {
    const values = boxOn(grey, [4, 4, 8, 8]);
    // One pixel far right widens the box, but hardly moves the mass; it leaves the picture.
    values[5 * 28 + 25] = 255;
    expect(extentOf(grey, place('centred', grey, values, 0))).toEqual([12, 11, 16, 15]);
  });

  it('fills 20 of 28 pixels by its longer side, as MNIST does, with its proportions', () => {
    const tall = place('fitted', grey, boxOn(grey, [3, 3, 8, 5]), 0);
    expect(extentOf(grey, tall)).toEqual([4, 10, 24, 18]);
    const wide = place('fitted', grey, boxOn(grey, [1, 0, 8, 28]), 0);
    expect(extentOf(grey, wide)).toEqual([12, 4, 17, 24]);
  });

  it('keeps the ink of what becomes smaller or larger in proportion to its area', () => {
    const shape = [28, 28, 3] as const;
    const inkOf = (values: PictureValues) => values.reduce((sum, value) => sum + value / 255, 0) / 3;
    const small = boxOn(shape, [0, 0, 28, 14]);
    expect(inkOf(place('fitted', shape, small, 0))).toBeCloseTo(20 * 10, 3);
    const large = boxOn(shape, [8, 8, 12, 10]);
    expect(inkOf(place('fitted', shape, large, 0))).toBeCloseTo(20 * 10, 3);
  });

  it('finds the ink on white paper too, and leaves a blank sheet blank', () => {
    const values = boxOn(grey, [1, 2, 5, 10], 255);
    expect(place('centred', grey, values, 255)).toEqual(boxOn(grey, [12, 10, 16, 18], 255));
    const blank = blankPicture(grey, 255);
    expect(place('fitted', grey, blank, 255)).toEqual(blank);
  });
});
