/** Rows of numbers that are centred, and divided by a scale, wherever they are read. */
export interface ScaledRows {
  /** [count, width] flat. */
  readonly values: Uint8Array | Float32Array;
  readonly count: number;
  readonly width: number;
  /** [width]; what is taken off. */
  readonly mean: Float64Array;
  /** [width]; what the rest is multiplied by, 0 for a column that counts for nothing. */
  readonly weight: Float64Array;
  /** Sum of the variances (divided by n) of the scaled columns. */
  readonly totalVariance: number;
}

function columnMeans(values: Uint8Array | Float32Array, count: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++) mean[column]! += values[row * width + column]!;
  }
  return mean.map((sum) => sum / count);
}

function columnVariances(values: Uint8Array | Float32Array, count: number, mean: Float64Array): Float64Array {
  const width = mean.length;
  const variance = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++) {
      const difference = values[row * width + column]! - mean[column]!;
      variance[column]! += difference * difference;
    }
  }
  return variance.map((sum) => sum / count);
}

/** Columns of a table have units of their own: each is brought to standard deviation 1, constant ones out. */
function standardisingWeight(variance: number, mean: number): number {
  const isConstant = variance <= (1e-12 * Math.abs(mean)) ** 2;
  return isConstant ? 0 : 1 / Math.sqrt(variance);
}

/**
 * Centres rows, and brings each column to standard deviation 1 where `standardised`.
 * @param count of rows, at least 1
 */
export function scaleRows(
  values: Uint8Array | Float32Array,
  count: number,
  width: number,
  standardised: boolean,
): ScaledRows {
  const mean = columnMeans(values, count, width);
  const variance = columnVariances(values, count, mean);
  const weight = standardised
    ? variance.map((value, column) => standardisingWeight(value, mean[column]!))
    : new Float64Array(width).fill(1);
  return weightRows(values, mean, variance, weight);
}

/** Centres rows and multiplies each column by a weight. @param weight [width] */
export function scaleRowsBy(
  values: Uint8Array | Float32Array,
  count: number,
  weight: Float64Array,
): ScaledRows {
  const mean = columnMeans(values, count, weight.length);
  return weightRows(values, mean, columnVariances(values, count, mean), weight);
}

function weightRows(
  values: Uint8Array | Float32Array,
  mean: Float64Array,
  variance: Float64Array,
  weight: Float64Array,
): ScaledRows {
  const width = mean.length;
  const totalVariance = variance.reduce((sum, value, column) => sum + value * weight[column]! ** 2, 0);
  return { values, count: values.length / width, width, mean, weight, totalVariance };
}

/** Vectors per pass over the rows. */
export const BLOCK = 4;

/** The vectors times the weights, interleaved: [width, BLOCK]; zeros where there are fewer vectors. */
function interleave(vectors: readonly Float64Array[], weight: Float64Array): Float64Array {
  const mixed = new Float64Array(weight.length * BLOCK);
  vectors.forEach((vector, lane) => {
    for (let column = 0; column < weight.length; column++) {
      mixed[column * BLOCK + lane] = vector[column]! * weight[column]!;
    }
  });
  return mixed;
}

/** Products of the means with interleaved vectors, which every row's products lose. */
function meanProducts(mean: Float64Array, mixed: Float64Array): Float64Array {
  const products = new Float64Array(BLOCK);
  for (let place = 0; place < mixed.length; place++) {
    products[place % BLOCK]! += mean[Math.floor(place / BLOCK)]! * mixed[place]!;
  }
  return products;
}

/**
 * One pass over the rows: the products of each with up to {@link BLOCK} vectors.
 * @param visit told of each row's products, in an array that is used again
 */
function eachProduct(
  { values, count, width, mean, weight }: ScaledRows,
  vectors: readonly Float64Array[],
  visit: (row: number, products: Float64Array) => void,
): void {
  const mixed = interleave(vectors, weight);
  const offset = meanProducts(mean, mixed);
  const products = new Float64Array(BLOCK);
  for (let row = 0; row < count; row++) {
    let [p0, p1, p2, p3] = [0, 0, 0, 0];
    for (let column = 0, from = row * width, at = 0; column < width; column++, at += BLOCK) {
      const value = values[from + column]!;
      // Most of an image is often black.
      if (value === 0) continue;
      p0 += value * mixed[at]!;
      p1 += value * mixed[at + 1]!;
      p2 += value * mixed[at + 2]!;
      p3 += value * mixed[at + 3]!;
    }
    products[0] = p0 - offset[0]!;
    products[1] = p1 - offset[1]!;
    products[2] = p2 - offset[2]!;
    products[3] = p3 - offset[3]!;
    visit(row, products);
  }
}

/** The rows' coordinates along vectors. @returns [count, vectors] flat */
export function coordinatesAlong(rows: ScaledRows, vectors: readonly Float64Array[]): Float64Array {
  const coordinates = new Float64Array(rows.count * vectors.length);
  for (let first = 0; first < vectors.length; first += BLOCK) {
    const block = vectors.slice(first, first + BLOCK);
    eachProduct(rows, block, (row, products) => {
      coordinates.set(products.subarray(0, block.length), row * vectors.length + first);
    });
  }
  return coordinates;
}

/** The covariance matrix (divided by n) of the scaled columns times up to {@link BLOCK} vectors, without making it. */
export function timesCovariance(rows: ScaledRows, vectors: readonly Float64Array[]): Float64Array[] {
  const { values, count, width, mean, weight } = rows;
  const mixed = new Float64Array(width * BLOCK);
  const sums = new Float64Array(BLOCK);
  eachProduct(rows, vectors, (row, products) => {
    const [p0, p1, p2, p3] = [products[0]!, products[1]!, products[2]!, products[3]!];
    for (let lane = 0; lane < BLOCK; lane++) sums[lane]! += products[lane]!;
    for (let column = 0, from = row * width, at = 0; column < width; column++, at += BLOCK) {
      const value = values[from + column]!;
      if (value === 0) continue;
      mixed[at]! += value * p0;
      mixed[at + 1]! += value * p1;
      mixed[at + 2]! += value * p2;
      mixed[at + 3]! += value * p3;
    }
  });
  return vectors.map((_, lane) =>
    weight.map((scale, column) => {
      return (scale * (mixed[column * BLOCK + lane]! - mean[column]! * sums[lane]!)) / count;
    }),
  );
}
