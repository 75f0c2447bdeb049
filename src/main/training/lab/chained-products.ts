import type { LabSpec } from '../../../shared/schema/lab.ts';
import type { MetricPoint } from '../../../shared/schema/metric.ts';
import { openStream } from '../../../shared/random/stream.ts';
import { TimeSlices, type Slices } from '../slices.ts';

export type ChainedProductsSpec = Extract<LabSpec, { kind: 'chained-products' }>;

/** Mean and standard deviation over a matrix; null where it has numbers that are not finite. */
export interface ProductSpread {
  readonly mean: number | null;
  readonly standardDeviation: number | null;
}

function spreadOf(matrix: Float32Array): ProductSpread {
  const mean = matrix.reduce((sum, value) => sum + value, 0) / matrix.length;
  if (!Number.isFinite(mean)) return { mean: null, standardDeviation: null };
  const variance = matrix.reduce((sum, value) => sum + (value - mean) ** 2, 0) / matrix.length;
  return { mean, standardDeviation: Math.sqrt(variance) };
}

function drawFactor(
  { size, minimum, maximum }: ChainedProductsSpec,
  seed: number,
  factor: number,
): Float32Array {
  const stream = openStream(seed, 'generator', `factor ${factor}`);
  return Float32Array.from(
    { length: size * size },
    () => minimum + (maximum - minimum) * stream.nextUniform(),
  );
}

/** Row times matrix, each sum rounded to float32 on the way, as a net's own products are. */
function multiplyRow(row: Float32Array, matrix: Float32Array, into: Float32Array): void {
  const size = row.length;
  into.fill(0);
  row.forEach((value, k) => {
    for (let j = 0; j < size; j++) into[j]! += value * matrix[k * size + j]!;
  });
}

/**
 * The product of random matrices in float32, and how its entries are spread after each factor: they vanish or overflow
 * as the signals of a deep linear net do (Glorot and Bengio 2010).
 * @param onFactor told after each factor, counted from 1
 * @throws whatever `slices` stops with
 */
export async function chainProducts(
  spec: ChainedProductsSpec,
  seed: number,
  slices: Slices = new TimeSlices(),
  onFactor?: (factor: number) => void,
): Promise<ProductSpread[]> {
  const { size, count } = spec;
  let product = drawFactor(spec, seed, 1);
  const spreads = [spreadOf(product)];
  for (let factor = 2; factor <= count; factor++) {
    const next = drawFactor(spec, seed, factor);
    const result = new Float32Array(size * size);
    for (let row = 0; row < size; row++) {
      const [from, to] = [row * size, (row + 1) * size];
      multiplyRow(product.subarray(from, to), next, result.subarray(from, to));
      if (slices.isOver()) await slices.next();
    }
    product = result;
    spreads.push(spreadOf(product));
    onFactor?.(factor);
  }
  return spreads;
}

/** The spreads as points whose step is the number of factors. */
export function productPoints(spreads: readonly ProductSpread[]): MetricPoint[] {
  return spreads.flatMap(({ mean, standardDeviation }, i): MetricPoint[] => [
    { split: 'train', metric: 'mean', epoch: 1, step: i + 1, value: mean },
    { split: 'train', metric: 'standard-deviation', epoch: 1, step: i + 1, value: standardDeviation },
  ]);
}
