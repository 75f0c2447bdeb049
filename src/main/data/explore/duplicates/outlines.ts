import { openStream } from '../../../../shared/random/stream.ts';
import type { PartRows } from '../explored-dataset.ts';
import { Pacer, type OnProgress } from '../progress.ts';
import { principalAxes } from '../projection/principal-axes.ts';
import { coordinatesAlong, scaleRowsBy, type ScaledRows } from '../projection/scaled-rows.ts';

/**
 * Short descriptions of rows: the distance of two outlines is never above that of the rows, but for `slack`.
 * Of each row its coordinates along some axes, and the length of what lies beside them.
 */
export interface Outlines {
  /** [rows, OUTLINE] flat, in the order of the rows. */
  readonly train: Float32Array;
  readonly test: Float32Array;
  /** What rounding may add to the distance of two outlines. */
  readonly slack: number;
}

/** Numbers per outline: a multiple of 4. */
export const OUTLINE = 32;
/** Rows that the axes are taken from; they only have to be good, not exact. */
const SAMPLE = 1_500;
const AXES_TOLERANCE = 1e-2;
/** Rows outlined between two looks at the clock. */
const ROWS_AT_ONCE = 500;
/** Share of the longest row; float32 coordinates and the difference of squares are some 1e-6 off. */
const ROUNDING = 2e-5;

function pickRows(
  { set, rows }: PartRows,
  width: number,
  from: number,
  to: number,
): Uint8Array | Float32Array {
  const { values } = set.features;
  const count = to - from;
  const picked =
    values instanceof Uint8Array ? new Uint8Array(count * width) : new Float32Array(count * width);
  for (let place = 0; place < count; place++) {
    const row = rows[from + place]!;
    picked.set(values.subarray(row * width, (row + 1) * width), place * width);
  }
  return picked;
}

/** Rows at equal steps, so that the choice needs no chance. */
function sampleOf({ set, rows }: PartRows): PartRows {
  const step = Math.max(1, Math.floor(rows.length / SAMPLE));
  return { set, rows: rows.filter((_, place) => place % step === 0) };
}

/** Squared length of each centred and weighted row. */
function squaredLengths({ values, count, width, mean, weight }: ScaledRows): Float64Array {
  const squares = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let column = 0, place = row * width; column < width; column++, place++) {
      const value = (values[place]! - mean[column]!) * weight[column]!;
      sum += value * value;
    }
    squares[row] = sum;
  }
  return squares;
}

/** Writes the outlines of rows behind one another; returns the longest row's squared length. */
function outlineRows(rows: ScaledRows, axes: readonly Float64Array[], into: Float32Array): number {
  const coordinates = coordinatesAlong(rows, axes);
  const squares = squaredLengths(rows);
  let longest = 0;
  for (let row = 0; row < rows.count; row++) {
    let along = 0;
    for (let axis = 0; axis < axes.length; axis++) {
      const coordinate = coordinates[row * axes.length + axis]!;
      // The first axis leads, the rest's length follows it: these two tell most rows apart.
      into[row * OUTLINE + (axis === 0 ? 0 : axis + 1)] = coordinate;
      along += coordinate * coordinate;
    }
    into[row * OUTLINE + 1] = Math.sqrt(Math.max(0, squares[row]! - along));
    longest = Math.max(longest, squares[row]!);
  }
  return longest;
}

/** What outlining needs of the training rows: their means, the weights, and the axes. */
interface Frame {
  readonly scaled: ScaledRows;
  readonly axes: readonly Float64Array[];
}

async function frameOf(train: PartRows, weight: Float64Array, onProgress: OnProgress): Promise<Frame> {
  const sample = sampleOf(train);
  const values = pickRows(sample, weight.length, 0, sample.rows.length);
  const scaled = scaleRowsBy(values, sample.rows.length, weight);
  const stream = openStream(0, 'explore', 'axes');
  const options = { count: OUTLINE - 1, tolerance: AXES_TOLERANCE, stream, onProgress };
  return { scaled, axes: (await principalAxes(scaled, options)).axes };
}

/** Outlines parts one after another, and tells how far it is with all of them. */
class Outliner {
  readonly #frame: Frame;
  readonly #pacer: Pacer;
  readonly #total: number;
  #done = 0;
  /** Squared length of the longest row seen. */
  longest = 0;

  constructor(frame: Frame, total: number, onProgress: OnProgress) {
    this.#frame = frame;
    this.#total = total;
    this.#pacer = new Pacer(onProgress);
  }

  async outline(part: PartRows): Promise<Float32Array> {
    const outlines = new Float32Array(part.rows.length * OUTLINE);
    for (let from = 0; from < part.rows.length; from += ROWS_AT_ONCE) {
      const to = Math.min(from + ROWS_AT_ONCE, part.rows.length);
      this.#outlineSome(part, from, to, outlines.subarray(from * OUTLINE, to * OUTLINE));
      if (this.#pacer.isDue) await this.#pacer.turn(this.#done, this.#total, 'examples outlined');
    }
    return outlines;
  }

  #outlineSome(part: PartRows, from: number, to: number, into: Float32Array): void {
    const { scaled, axes } = this.#frame;
    const rows = { ...scaled, values: pickRows(part, scaled.width, from, to), count: to - from };
    this.longest = Math.max(this.longest, outlineRows(rows, axes, into));
    this.#done += to - from;
  }
}

/**
 * Outlines the rows of train and test along the leading principal axes of the training rows.
 * @param weight [width]; see `featureWeights`
 */
export async function outlineParts(
  train: PartRows,
  test: PartRows,
  weight: Float64Array,
  onProgress: OnProgress,
): Promise<Outlines> {
  const frame = await frameOf(train, weight, onProgress);
  const outliner = new Outliner(frame, train.rows.length + test.rows.length, onProgress);
  const outlines = { train: await outliner.outline(train), test: await outliner.outline(test) };
  return { ...outlines, slack: ROUNDING * Math.sqrt(outliner.longest) };
}
