/** A dense array of doubles in row-major order; the reference's only data type. */
export interface Array64 {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

export function zeros(shape: readonly number[]): Array64 {
  return { shape, values: new Float64Array(sizeOf(shape)) };
}

export function arrayOf(shape: readonly number[], values: ArrayLike<number>): Array64 {
  return { shape, values: Float64Array.from(values) };
}

/** The same shape with `compute(value, flat index)` in every place. */
export function map(x: Array64, compute: (value: number, index: number) => number): Array64 {
  return { shape: x.shape, values: x.values.map((value, index) => compute(value, index)) };
}

/** The side of an axis; negative axes count from the end. */
export function side(x: Array64, axis: number): number {
  return x.shape.at(axis)!;
}
