import type { RandomStream } from '../../../../shared/random/stream.ts';
import { Pacer, type OnProgress } from '../progress.ts';
import { BLOCK, timesCovariance, type ScaledRows } from './scaled-rows.ts';
import { symmetricEigen, type Eigen } from './symmetric-eigen.ts';

/** Directions of greatest variance, in descending order of it. */
export interface PrincipalAxes {
  /** Unit vectors, [width] each; the largest component of each is positive. */
  readonly axes: readonly Float64Array[];
  /** Along each axis, divided by n. */
  readonly variances: Float64Array;
}

export interface AxesOptions {
  /** How many; fewer where the rows have fewer columns. */
  readonly count: number;
  /**
   * Largest length of A v - lambda v, as a share of the largest variance: 1e-10 for exact axes, more for axes that only
   * need to be good.
   */
  readonly tolerance: number;
  /** Of the start vectors. */
  readonly stream: RandomStream;
  readonly onProgress: OnProgress;
}

/** Vectors at right angles, and what the covariance makes of each. */
interface Basis {
  vectors: Float64Array[];
  products: Float64Array[];
}

/** Blocks between two looks at the axes found. */
const BLOCKS_PER_LOOK = 3;
/** Shorter than this share of what it was, a vector lies in the basis already. */
const DEPENDENT = 1e-10;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(into: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i]! += factor * vector[i]!;
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

/** What is left of a vector at right angles to others, at length 1; null where nothing is. */
function orthonormalise(vector: Float64Array, others: readonly Float64Array[]): Float64Array | null {
  const rest = Float64Array.from(vector);
  const before = lengthOf(rest);
  // Twice is enough (Kahan and Parlett): one pass leaves what cancellation took.
  for (let pass = 0; pass < 2; pass++) {
    for (const other of others) addScaled(rest, other, -dot(rest, other));
  }
  const after = lengthOf(rest);
  if (!(after > before * DEPENDENT)) return null;
  return rest.map((value) => value / after);
}

function randomVector(width: number, stream: RandomStream): Float64Array {
  return Float64Array.from({ length: width }, () => stream.nextNormal());
}

/** Candidates made orthonormal to the basis and to each other; random ones where too few are left. */
function nextBlock(
  candidates: readonly Float64Array[],
  basis: Basis,
  width: number,
  stream: RandomStream,
): Float64Array[] {
  const block: Float64Array[] = [];
  const add = (vector: Float64Array): void => {
    const unit = orthonormalise(vector, [...basis.vectors, ...block]);
    if (unit !== null) block.push(unit);
  };
  candidates.forEach(add);
  const wanted = Math.min(BLOCK, width - basis.vectors.length);
  while (block.length < wanted) add(randomVector(width, stream));
  return block.slice(0, wanted);
}

/** The covariance as the basis sees it. */
function projectCovariance({ vectors, products }: Basis): Float64Array {
  const size = vectors.length;
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const entry = (dot(vectors[a]!, products[b]!) + dot(vectors[b]!, products[a]!)) / 2;
      matrix[a * size + b] = entry;
      matrix[b * size + a] = entry;
    }
  }
  return matrix;
}

function combine(vectors: readonly Float64Array[], factors: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  vectors.forEach((vector, place) => addScaled(sum, vector, factors[place]!));
  return sum;
}

/** Length of A v - lambda v of each of the leading axes, the largest of them. */
function largestResidual(basis: Basis, eigen: Eigen, count: number): number {
  let largest = 0;
  for (let axis = 0; axis < count; axis++) {
    const rest = combine(basis.products, eigen.vectors[axis]!);
    addScaled(rest, combine(basis.vectors, eigen.vectors[axis]!), -eigen.values[axis]!);
    largest = Math.max(largest, lengthOf(rest));
  }
  return largest;
}

/** Starts again from the leading axes found (Wu and Simon's thick restart): the basis stays small. */
function restart(basis: Basis, { vectors }: Eigen, kept: number): Basis {
  const leading = vectors.slice(0, kept);
  return {
    vectors: leading.map((factors) => combine(basis.vectors, factors)),
    products: leading.map((factors) => combine(basis.products, factors)),
  };
}

/** Components of this share of the greatest size are as great. */
const AS_GREAT = 1 - 1e-9;

/**
 * A sign has no meaning, so that it is fixed: the component of greatest size is positive (scikit-learn's rule), of several
 * as great the first.
 */
function withFixedSign(axis: Float64Array): Float64Array {
  const greatest = axis.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  const deciding = axis.find((value) => Math.abs(value) >= greatest * AS_GREAT) ?? 0;
  return deciding < 0 ? axis.map((value) => -value) : axis;
}

function finish(basis: Basis, { values, vectors }: Eigen, count: number): PrincipalAxes {
  return {
    axes: vectors.slice(0, count).map((factors) => withFixedSign(combine(basis.vectors, factors))),
    variances: values.slice(0, count).map((value) => Math.max(0, value)),
  };
}

/** Decimal digits that a residual is away from 1. */
function digitsOf(residual: number): number {
  return Math.max(0, -Math.log10(residual));
}

/**
 * The leading eigenvectors of the covariance of rows, by a block Krylov space with Rayleigh-Ritz (Golub and Underwood
 * 1977) and thick restarts, which never makes the matrix; it goes on until A v = lambda v within the tolerance, or the
 * space is whole. Progress counts decimal digits of that.
 */
export async function principalAxes(rows: ScaledRows, options: AxesOptions): Promise<PrincipalAxes> {
  const { tolerance, stream, onProgress } = options;
  const count = Math.min(options.count, rows.width);
  const mostVectors = Math.max(24 * BLOCK, 3 * count);
  const pacer = new Pacer(onProgress);
  let basis: Basis = { vectors: [], products: [] };
  let block = nextBlock([], basis, rows.width, stream);
  for (let blocks = 1; ; blocks++) {
    const products = timesCovariance(rows, block);
    basis = { vectors: [...basis.vectors, ...block], products: [...basis.products, ...products] };
    const isWhole = basis.vectors.length === rows.width;
    if (!isWhole) block = nextBlock(products, basis, rows.width, stream);
    if (!isWhole && (blocks % BLOCKS_PER_LOOK !== 0 || basis.vectors.length < count)) continue;
    const eigen = symmetricEigen(projectCovariance(basis), basis.vectors.length);
    const residual = isWhole ? 0 : largestResidual(basis, eigen, count);
    const allowed = tolerance * eigen.values[0]!;
    if (residual <= allowed) return finish(basis, eigen, count);
    if (pacer.isDue) await pacer.turn(digitsOf(residual / eigen.values[0]!), digitsOf(tolerance), 'digits');
    if (basis.vectors.length + BLOCK > mostVectors) basis = restart(basis, eigen, count + BLOCK);
  }
}
