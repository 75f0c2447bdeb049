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

/** Training rows with their outlines, in the order of the outlines' first number. */
interface SortedRows {
  readonly rows: Int32Array;
  readonly outlines: Float32Array;
  readonly firsts: Float32Array;
}

function sortByFirst(rows: Int32Array, outlines: Float32Array): SortedRows {
  const order = Int32Array.from(rows, (_, place) => place);
  // Typed arrays sort by number only with a comparison of their own.
  order.sort((a, b) => outlines[a * OUTLINE]! - outlines[b * OUTLINE]! || a - b);
  const sorted = new Float32Array(outlines.length);
  order.forEach((from, to) => {
    sorted.set(outlines.subarray(from * OUTLINE, (from + 1) * OUTLINE), to * OUTLINE);
  });
  return {
    rows: order.map((place) => rows[place]!),
    outlines: sorted,
    firsts: Float32Array.from(order, (place) => outlines[place * OUTLINE]!),
  };
}

/** The first place in ascending numbers that is not below `value`. */
function lowerBound(numbers: Float32Array, value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Is the squared distance of two outlines above the limit? Looks after every four numbers. */
function areApart(a: Float32Array, atA: number, b: Float32Array, atB: number, limit: number): boolean {
  let sum = 0;
  for (let place = 0; place < OUTLINE; place += 4) {
    const d0 = a[atA + place]! - b[atB + place]!;
    const d1 = a[atA + place + 1]! - b[atB + place + 1]!;
    const d2 = a[atA + place + 2]! - b[atB + place + 2]!;
    const d3 = a[atA + place + 3]! - b[atB + place + 3]!;
    sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    if (sum > limit) return true;
  }
  return false;
}

/**
 * Finds for rows of the test part the nearest training row: outlines rule nearly all pairs out, the rest are compared
 * feature by feature, so that what it finds is what comparing all pairs finds.
 */
export class NearestRows {
  readonly #train: PartRows;
  readonly #test: PartRows;
  readonly #weight: Float64Array;
  readonly #outlines: Outlines;
  readonly #sorted: SortedRows;

  constructor(train: PartRows, test: PartRows, weight: Float64Array, outlines: Outlines) {
    this.#train = train;
    this.#test = test;
    this.#weight = weight;
    this.#outlines = outlines;
    this.#sorted = sortByFirst(train.rows, outlines.train);
  }

  /**
   * @param place in the test rows
   * @param limit longest distance that counts
   * @returns null where no training row is within the limit; of several at the same distance the first row
   */
  find(place: number, limit: number): NearestRow | null {
    const { firsts } = this.#sorted;
    const first = this.#outlines.test[place * OUTLINE]!;
    let above = lowerBound(firsts, first);
    let below = above - 1;
    let best: NearestRow | null = null;
    let reach = limit + this.#outlines.slack;
    for (;;) {
      const gapAbove = above < firsts.length ? firsts[above]! - first : Infinity;
      const gapBelow = below >= 0 ? first - firsts[below]! : Infinity;
      // The nearer side goes first; once it is out of reach, so is all that follows.
      if (Math.min(gapAbove, gapBelow) > reach) return best;
      const candidate = gapAbove <= gapBelow ? above++ : below--;
      const closer = this.#compare(place, candidate, best, limit, reach);
      if (closer === null) continue;
      best = closer;
      reach = closer.distance + this.#outlines.slack;
    }
  }

  /** The pair's distance where it beats the best so far; null where it does not. */
  #compare(
    place: number,
    candidate: number,
    best: NearestRow | null,
    limit: number,
    reach: number,
  ): NearestRow | null {
    const { outlines, rows } = this.#sorted;
    const { test } = this.#outlines;
    if (areApart(test, place * OUTLINE, outlines, candidate * OUTLINE, reach * reach)) return null;
    const row = rows[candidate]!;
    const most = best?.distance ?? limit;
    const distance = this.#distance(this.#test.rows[place]!, row, most);
    const isCloser = distance < most || (distance === most && row < (best?.row ?? Infinity));
    return isCloser ? { row, distance } : null;
  }

  /** Euclidean distance of the weighted features, or Infinity once it is clearly above `most`. */
  #distance(testRow: number, trainRow: number, most: number): number {
    const weight = this.#weight;
    const width = weight.length;
    const a = this.#test.set.features.values;
    const b = this.#train.set.features.values;
    const limit = most * most * (1 + 1e-9);
    let sum = 0;
    for (let first = 0; first < width; first += STRIDE) {
      const end = Math.min(first + STRIDE, width);
      for (let column = first; column < end; column++) {
        const difference = (a[testRow * width + column]! - b[trainRow * width + column]!) * weight[column]!;
        sum += difference * difference;
      }
      if (sum > limit) return Infinity;
    }
    return Math.sqrt(sum);
  }
}
