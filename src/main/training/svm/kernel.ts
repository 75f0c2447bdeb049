import type { SvmSpec } from '../../../shared/schema/svm.ts';

/** A kernel with its numbers. */
export interface Kernel {
  readonly kind: SvmSpec['kernel'];
  /** Of exp(-gamma |x - y|^2); not used by the linear kernel. */
  readonly gamma: number;
}

/** Points as a matrix [points, features] flat in float64, with the square of each one's length. */
export interface PointSet {
  readonly values: Float64Array;
  readonly features: number;
  readonly squares: Float64Array;
}

/** Sum of products of two rows, in four running sums, because one would make each addition wait for the last. */
function dot(a: Float64Array, aStart: number, b: Float64Array, bStart: number, length: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  const whole = length - (length % 4);
  for (let k = 0; k < whole; k += 4) {
    sum0 += a[aStart + k]! * b[bStart + k]!;
    sum1 += a[aStart + k + 1]! * b[bStart + k + 1]!;
    sum2 += a[aStart + k + 2]! * b[bStart + k + 2]!;
    sum3 += a[aStart + k + 3]! * b[bStart + k + 3]!;
  }
  for (let k = whole; k < length; k++) sum0 += a[aStart + k]! * b[bStart + k]!;
  return sum0 + sum1 + (sum2 + sum3);
}

/**
 * Takes rows of a matrix.
 * @param values [examples, features] flat
 * @param rows which, in order; copied
 */
export function takePoints(values: Float32Array, features: number, rows: Int32Array): PointSet {
  const taken = new Float64Array(rows.length * features);
  const squares = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    taken.set(values.subarray(row * features, (row + 1) * features), i * features);
    squares[i] = dot(taken, i * features, taken, i * features, features);
  });
  return { values: taken, features, squares };
}

/** Kernel of one point with every point of a set, [points] in float64. */
export function kernelRow(kernel: Kernel, from: PointSet, index: number, to: PointSet): Float64Array {
  const { features } = to;
  const row = new Float64Array(to.squares.length);
  for (let j = 0; j < row.length; j++) {
    row[j] = dot(from.values, index * features, to.values, j * features, features);
  }
  if (kernel.kind === 'linear') return row;
  const square = from.squares[index]!;
  // Rounding may leave a distance of two equal points a little below 0.
  for (let j = 0; j < row.length; j++) {
    row[j] = Math.exp(-kernel.gamma * Math.max(0, square + to.squares[j]! - 2 * row[j]!));
  }
  return row;
}

const CACHE_BYTES = 256 * 2 ** 20;

/** The kernel matrix of a set with itself, by rows; those used last are kept. */
export class KernelMatrix {
  readonly #kernel: Kernel;
  readonly #points: PointSet;
  readonly #kept = new Map<number, Float32Array>();
  readonly #most: number;
  /** K(i, i) of every point. */
  readonly diagonal: Float64Array;

  constructor(kernel: Kernel, points: PointSet) {
    const count = points.squares.length;
    this.#kernel = kernel;
    this.#points = points;
    this.#most = Math.max(2, Math.floor(CACHE_BYTES / (4 * count)));
    this.diagonal = kernel.kind === 'linear' ? points.squares : new Float64Array(count).fill(1);
  }

  /** One row, float32 as in LIBSVM's cache; borrowed. */
  row(index: number): Float32Array {
    const known = this.#kept.get(index);
    // A Map keeps the order of insertion: what is used is put back at the end.
    if (known !== undefined) this.#kept.delete(index);
    const row = known ?? Float32Array.from(kernelRow(this.#kernel, this.#points, index, this.#points));
    this.#kept.set(index, row);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!);
    return row;
  }
}
