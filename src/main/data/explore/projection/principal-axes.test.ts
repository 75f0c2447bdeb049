import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStream } from '../../../../shared/random/stream.ts';
import { unwatched } from '../explore-test-kit.ts';
import { principalAxes, type PrincipalAxes } from './principal-axes.ts';
import { coordinatesAlong, scaleRows, type ScaledRows } from './scaled-rows.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

function find(rows: ScaledRows, count: number, tolerance = 1e-10): Promise<PrincipalAxes> {
  const stream = openStream(3, 'explore', 'test');
  return principalAxes(rows, { count, tolerance, stream, onProgress: unwatched });
}

/** Rows of normal numbers whose columns have the given standard deviations, turned by nothing. */
function normalRows(count: number, deviations: readonly number[], seed: number): ScaledRows {
  const stream = openStream(seed, 'explore', 'rows');
  const values = new Float32Array(count * deviations.length);
  values.forEach((_, place) => {
    values[place] = deviations[place % deviations.length]! * stream.nextNormal() + 5;
  });
  return scaleRows(values, count, deviations.length, false);
}

/** The covariance matrix, plainly. */
function covariance({ values, count, width, mean, weight }: ScaledRows): Float64Array {
  const matrix = new Float64Array(width * width);
  for (let row = 0; row < count; row++) {
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) {
        const left = (values[row * width + a]! - mean[a]!) * weight[a]!;
        matrix[a * width + b]! += (left * (values[row * width + b]! - mean[b]!) * weight[b]!) / count;
      }
    }
  }
  return matrix;
}

function product(matrix: Float64Array, vector: Float64Array): number[] {
  return Array.from(vector, (_, row) =>
    vector.reduce((sum, value, column) => sum + matrix[row * vector.length + column]! * value, 0),
  );
}

describe('symmetricEigen', () => {
  it('takes any symmetric matrix apart: A v = lambda v, unit vectors, values descending, their sum the trace', () => {
    const anyMatrix = fc.integer({ min: 1, max: 9 }).chain((size) =>
      fc
        .array(fc.double({ min: -100, max: 100, noNaN: true }), {
          minLength: size * size,
          maxLength: size * size,
        })
        .map((entries) => ({ size, entries })),
    );
    fc.assert(
      fc.property(anyMatrix, ({ size, entries }) => {
        const matrix = Float64Array.from(entries, (_, place) => {
          const [row, column] = [Math.floor(place / size), place % size];
          return entries[row * size + column]! + entries[column * size + row]!;
        });
        const { values, vectors } = symmetricEigen(matrix, size);
        const trace = values.reduce((sum, value) => sum + value, 0);
        const diagonal = values.reduce((sum, _, place) => sum + matrix[place * size + place]!, 0);
        expect(Math.abs(trace - diagonal)).toBeLessThan(1e-9);
        expect([...values]).toEqual([...values].sort((a, b) => b - a));
        vectors.forEach((vector, place) => {
          expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 12);
          product(matrix, vector).forEach((value, row) => {
            expect(Math.abs(value - values[place]! * vector[row]!)).toBeLessThan(1e-9);
          });
        });
      }),
    );
  });
});

describe('principalAxes', () => {
  it('finds what taking the whole covariance matrix apart finds', async () => {
    const deviations = Array.from({ length: 40 }, (_, column) => 10 * 0.9 ** column);
    const rows = normalRows(300, deviations, 1);
    const { axes, variances } = await find(rows, 4);
    const whole = symmetricEigen(covariance(rows), 40);
    axes.forEach((axis, place) => {
      expect(Math.abs(variances[place]! / whole.values[place]! - 1)).toBeLessThan(1e-12);
      const cosine = axis.reduce((sum, value, column) => sum + value * whole.vectors[place]![column]!, 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 9);
    });
  });

  it('converges through restarts where the variances lie close together', async () => {
    const deviations = Array.from({ length: 400 }, (_, column) => 2 - column / 400);
    const rows = normalRows(500, deviations, 2);
    const { axes, variances } = await find(rows, 2, 1e-9);
    const matrix = covariance(rows);
    axes.forEach((axis, place) => {
      const rest = product(matrix, axis).map((value, row) => value - variances[place]! * axis[row]!);
      expect(Math.hypot(...rest)).toBeLessThan(1e-8 * variances[0]!);
    });
  });

  it('has axes at right angles where variances are equal, and all that rows of few numbers have', async () => {
    const square = scaleRows(Float32Array.from([1, 1, -1, 1, 1, -1, -1, -1]), 4, 2, false);
    const { axes, variances } = await find(square, 2);
    for (const variance of variances) expect(variance).toBeCloseTo(1, 12);
    expect(axes[0]![0]! * axes[1]![0]! + axes[0]![1]! * axes[1]![1]!).toBeCloseTo(0, 12);
    const line = scaleRows(Float32Array.from([1, 2, 6]), 3, 1, false);
    expect((await find(line, 2)).axes.map((axis) => [...axis])).toEqual([[1]]);
  });

  it('ends for rows that are all equal', async () => {
    const rows = scaleRows(new Uint8Array(600).fill(7), 3, 200, false);
    const { variances } = await find(rows, 2);
    expect([...variances]).toEqual([0, 0]);
    expect(coordinatesAlong(rows, (await find(rows, 2)).axes).every((value) => value === 0)).toBe(true);
  });

  it('fixes the sign: the largest component is positive', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const { axes } = await find(normalRows(50, [3, 2, 1, 0.5, 0.1], seed), 2);
      for (const axis of axes) {
        expect(Math.max(...axis)).toBeGreaterThanOrEqual(-Math.min(...axis));
      }
    }
    // Of two components of one size the first decides, whatever rounding says.
    const diagonal = scaleRows(Float32Array.from([1, -1, -1, 1, 0.5, 0.5, -0.5, -0.5]), 4, 2, false);
    const signs = (await find(diagonal, 2)).axes.map((axis) => Math.sign(axis[0]!));
    expect(signs).toEqual([1, 1]);
  });
});
