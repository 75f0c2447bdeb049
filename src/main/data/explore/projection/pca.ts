import { openStream } from '../../../../shared/random/stream.ts';
import type { OnProgress } from '../progress.ts';
import { principalAxes } from './principal-axes.ts';
import { coordinatesAlong, type ScaledRows } from './scaled-rows.ts';

/** Coordinates of rows in two dimensions, and the share of the variance along each. */
export interface Plane {
  readonly x: Float32Array<ArrayBuffer>;
  readonly y: Float32Array<ArrayBuffer>;
  readonly explained: [number, number] | null;
}

/** Of the largest variance: far below what float32 coordinates hold. */
const TOLERANCE = 1e-10;

/**
 * Principal component analysis (Pearson 1901): the rows' coordinates along the two directions of greatest variance.
 * Rows of one number lie on a line, y = 0.
 */
export async function projectByPca(rows: ScaledRows, onProgress: OnProgress): Promise<Plane> {
  const stream = openStream(0, 'explore', 'axes');
  const { axes, variances } = await principalAxes(rows, {
    count: 2,
    tolerance: TOLERANCE,
    stream,
    onProgress,
  });
  const coordinates = coordinatesAlong(rows, axes);
  const column = (axis: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: rows.count }, (_, row) =>
      axis < axes.length ? coordinates[row * axes.length + axis]! : 0,
    );
  const share = (axis: number): number =>
    rows.totalVariance > 0 ? (variances[axis] ?? 0) / rows.totalVariance : 0;
  return { x: column(0), y: column(1), explained: [share(0), share(1)] };
}
