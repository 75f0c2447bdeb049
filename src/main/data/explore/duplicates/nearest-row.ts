import type { PartRows } from '../explored-dataset.ts';
import { OUTLINE, type Outlines } from './outlines.ts';

/** The nearest training row of a test row, within a limit. */
export interface NearestRow {
  readonly row: number;
  /** Euclidean, of the weighted features. */
  readonly distance: number;
}

/** Columns between two looks whether rows are too far apart already. */
const STRIDE = 64;

/** Numbers at the head of an outline, which are looked at first and lie by themselves: a cache holds those of all rows. */
const HEAD = 4;

/** Training rows with their outlines, in the order of the outlines' first number. */
interface SortedRows {
  readonly rows: Int32Array;
  readonly outlines: Float32Array;
  readonly heads: Float32Array;
}

function sortByFirst(rows: Int32Array, outlines: Float32Array): SortedRows {
  const order = Int32Array.from(rows, (_, place) => place);
  // Typed arrays sort by number only with a comparison of their own.
  order.sort((a, b) => outlines[a * OUTLINE]! - outlines[b * OUTLINE]! || a - b);
  const sorted = new Float32Array(outlines.length);
  const heads = new Float32Array(rows.length * HEAD);
  order.forEach((from, to) => {
    sorted.set(outlines.subarray(from * OUTLINE, (from + 1) * OUTLINE), to * OUTLINE);
    heads.set(outlines.subarray(from * OUTLINE, from * OUTLINE + HEAD), to * HEAD);
  });
  return { rows: order.map((place) => rows[place]!), outlines: sorted, heads };
}

/** The first place in ascending heads whose first number is not below `value`. */
function lowerBound(heads: Float32Array, value: number): number {
  let [low, high] = [0, heads.length / HEAD];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (heads[middle * HEAD]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Squared distance of four numbers here and four there. */
function squareOfFour(a: Float32Array, atA: number, b: Float32Array, atB: number): number {
  const d0 = a[atA]! - b[atB]!;
  const d1 = a[atA + 1]! - b[atB + 1]!;
  const d2 = a[atA + 2]! - b[atB + 2]!;
  const d3 = a[atA + 3]! - b[atB + 3]!;
  return d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
}

/** Is the squared distance of two outlines above the limit? Looks after every four numbers. */
function areApart(a: Float32Array, atA: number, b: Float32Array, atB: number, limit: number): boolean {
  let sum = 0;
  for (let place = 0; place < OUTLINE; place += 4) {
    sum += squareOfFour(a, atA + place, b, atB + place);
    if (sum > limit) return true;
  }
  return false;
}

/** Rows scanned on one side before the other has its turn: long enough for a loop that the processor foresees. */
const TURN = 256;

/** A search under way for one test row. */
interface Search {
  readonly place: number;
  readonly limit: number;
  best: NearestRow | null;
  /** Beyond this distance of outlines nothing counts any more. */
  reach: number;
}

/**
 * Finds for rows of the test part the nearest training row: outlines rule nearly all pairs out, the rest are compared
 * feature by feature, so that what it finds is what comparing all pairs finds.
 */
export class NearestRows {
  readonly #train: PartRows;
  readonly #test: PartRows;
  /** The greatest weight, and the weights as shares of it: 1 where all are equal, as in images. */
  readonly #scale: number;
  readonly #shares: Float64Array;
  readonly #outlines: Outlines;
  readonly #sorted: SortedRows;

  constructor(train: PartRows, test: PartRows, weight: Float64Array, outlines: Outlines) {
    this.#train = train;
    this.#test = test;
    this.#scale = weight.reduce((a, b) => Math.max(a, b), 0) || 1;
    this.#shares = weight.map((value) => value / this.#scale);
    this.#outlines = outlines;
    this.#sorted = sortByFirst(train.rows, outlines.train);
  }

  /**
   * @param place in the test rows
   * @param limit longest distance that counts
   * @returns null where no training row is within the limit; of several at the same distance the first row
   */
  find(place: number, limit: number): NearestRow | null {
    const search: Search = { place, limit, best: null, reach: limit + this.#outlines.slack };
    const count = this.#sorted.rows.length;
    const start = lowerBound(this.#sorted.heads, this.#outlines.test[place * OUTLINE]!);
    let [above, below] = [start, start - 1];
    // From the middle to both sides: what is near along the first axis is most likely near.
    while (above < count || below >= 0) {
      const aboveEnd = Math.min(above + TURN, count);
      above = this.#scan(search, above, aboveEnd, 1) ? aboveEnd : count;
      const belowEnd = Math.max(below - TURN, -1);
      below = this.#scan(search, below, belowEnd, -1) ? belowEnd : -1;
    }
    return search.best;
  }

  /** Scans sorted rows from `from` towards `end`; false once they are out of reach, as are all that follow. */
  #scan(search: Search, from: number, end: number, step: 1 | -1): boolean {
    const { heads, outlines } = this.#sorted;
    const { test } = this.#outlines;
    const own = search.place * OUTLINE;
    const first = test[own]!;
    let square = search.reach * search.reach;
    for (let candidate = from; candidate !== end; candidate += step) {
      const gap = heads[candidate * HEAD]! - first;
      if (gap * gap > square) return false;
      if (squareOfFour(test, own, heads, candidate * HEAD) > square) continue;
      if (areApart(test, own, outlines, candidate * OUTLINE, square)) continue;
      this.#compare(search, candidate);
      square = search.reach * search.reach;
    }
    return true;
  }

  /** Makes the candidate the best so far where it is. */
  #compare(search: Search, candidate: number): void {
    const { best, limit, place } = search;
    const row = this.#sorted.rows[candidate]!;
    const most = best?.distance ?? limit;
    const distance = this.#distance(this.#test.rows[place]!, row, most);
    const isCloser = distance < most || (distance === most && row < (best?.row ?? Infinity));
    if (!isCloser) return;
    search.best = { row, distance };
    search.reach = distance + this.#outlines.slack;
  }

  /**
   * Euclidean distance of the weighted features, or Infinity once it is clearly above `most`. The scale comes last: bytes
   * are summed as whole numbers then, and rows equally far away are found to be so.
   */
  #distance(testRow: number, trainRow: number, most: number): number {
    const shares = this.#shares;
    const width = shares.length;
    const a = this.#test.set.features.values;
    const b = this.#train.set.features.values;
    const limit = (most / this.#scale) ** 2 * (1 + 1e-9);
    let sum = 0;
    for (let first = 0; first < width; first += STRIDE) {
      const end = Math.min(first + STRIDE, width);
      for (let column = first; column < end; column++) {
        const difference = (a[testRow * width + column]! - b[trainRow * width + column]!) * shares[column]!;
        sum += difference * difference;
      }
      if (sum > limit) return Infinity;
    }
    return Math.sqrt(sum) * this.#scale;
  }
}
