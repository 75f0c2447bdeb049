/** Eigenvalues in descending order, and the vector of each. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

/** Rounds over all pairs; convergence is quadratic and takes less than ten. */
const MOST_ROUNDS = 60;

function largestOffDiagonal(matrix: Float64Array, size: number): number {
  let largest = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      largest = Math.max(largest, Math.abs(matrix[row * size + column]!));
    }
  }
  return largest;
}

/** Cosine and sine of the rotation that makes the element at (p, q) zero. */
function rotationFor(app: number, aqq: number, apq: number): { cosine: number; sine: number } {
  const theta = (aqq - app) / (2 * apq);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  return { cosine, sine: tangent * cosine };
}

/** Replaces rows p and q of a matrix by their rotation. */
function rotateRows(matrix: Float64Array, size: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < size; k++) {
    const atP = matrix[p * size + k]!;
    const atQ = matrix[q * size + k]!;
    matrix[p * size + k] = c * atP - s * atQ;
    matrix[q * size + k] = s * atP + c * atQ;
  }
}

function rotateColumns(matrix: Float64Array, size: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < size; k++) {
    const atP = matrix[k * size + p]!;
    const atQ = matrix[k * size + q]!;
    matrix[k * size + p] = c * atP - s * atQ;
    matrix[k * size + q] = s * atP + c * atQ;
  }
}

function rotateAllPairs(matrix: Float64Array, vectors: Float64Array, size: number, tiny: number): void {
  for (let p = 0; p < size - 1; p++) {
    for (let q = p + 1; q < size; q++) {
      const apq = matrix[p * size + q]!;
      if (Math.abs(apq) <= tiny) continue;
      const { cosine, sine } = rotationFor(matrix[p * size + p]!, matrix[q * size + q]!, apq);
      rotateRows(matrix, size, p, q, cosine, sine);
      rotateColumns(matrix, size, p, q, cosine, sine);
      rotateRows(vectors, size, p, q, cosine, sine);
    }
  }
}

/**
 * All eigenvalues and unit eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan,
 * Matrix Computations, 8.5), which keeps the vectors at right angles to rounding. The time grows with size^3.
 * @param symmetric [size, size] flat; left as it is
 */
export function symmetricEigen(symmetric: Float64Array, size: number): Eigen {
  const matrix = Float64Array.from(symmetric);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const scale = matrix.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const tiny = scale * 1e-17;
  for (let round = 0; round < MOST_ROUNDS && largestOffDiagonal(matrix, size) > tiny; round++) {
    rotateAllPairs(matrix, vectors, size, tiny);
  }
  const order = Array.from({ length: size }, (_, i) => i);
  order.sort((a, b) => matrix[b * size + b]! - matrix[a * size + a]!);
  return {
    values: Float64Array.from(order, (i) => matrix[i * size + i]!),
    vectors: order.map((i) => vectors.slice(i * size, (i + 1) * size)),
  };
}
