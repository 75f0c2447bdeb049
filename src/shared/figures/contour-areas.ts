import { contours } from 'd3-contour';
import { extentOf } from './scale.ts';

/** Numbers over a square of cells; row 0 is at the bottom. NaN where nothing is known. */
export interface ContourGrid {
  readonly size: number;
  readonly cells: Float64Array | Float32Array;
}

/** A band of a contour plot. */
export interface ContourArea {
  /** At and above this value. */
  readonly level: number;
  /** Rings of polygons with their holes, in shares of both axes. */
  readonly rings: readonly (readonly (readonly [number, number])[])[];
}

/** Bands between evenly spaced levels, from the lowest up; each lies over the ones before it. */
export function contourAreas({ size, cells }: ContourGrid, bands: number): ContourArea[] {
  const extent = extentOf(cells);
  if (extent === null) return [];
  const [low, high] = extent;
  const levels = Array.from({ length: bands }, (_, band) => low + ((high - low) * band) / bands);
  const shapes = contours()
    .size([size, size])
    .thresholds(high > low ? levels : [low])(Array.from(cells));
  return shapes.map(({ value, coordinates }) => ({
    level: value,
    rings: coordinates.flat().map((ring) => ring.map(([x = 0, y = 0]) => [x / size, y / size] as const)),
  }));
}
