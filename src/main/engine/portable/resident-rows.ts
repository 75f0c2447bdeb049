import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { ResidentInput } from '../engine.ts';

/** Copies the named rows of a [rows, rowSize] array one after the other into `out`. */
function copyRows(
  input: ResidentInput,
  rowSize: number,
  rows: Int32Array,
  out: Float32Array | Int32Array,
): void {
  const rowCount = input.shape[0]!;
  rows.forEach((row, position) => {
    if (row < 0 || row >= rowCount) {
      throw new StudioError(
        'invalid-input',
        `Input "${input.name}": row ${row} was asked for, expected 0 to ${rowCount - 1}; ` +
          'make the split again from the dataset that is loaded.',
        { input: input.name, row, rowCount },
      );
    }
    out.set(input.values.subarray(row * rowSize, (row + 1) * rowSize), position * rowSize);
  });
}

/**
 * The rows of a resident input named by `rows`, as a tensor [rows.length, ...shape of one example] that the
 * caller owns. 8-bit rows become int32; the input itself stays 8-bit in memory.
 * @throws StudioError `invalid-input` for a row outside the input
 */
export function gatherRows(input: ResidentInput, rows: Int32Array): Tensor {
  const rowShape = input.shape.slice(1);
  const rowSize = rowShape.reduce((product, side) => product * side, 1);
  const isFloat = input.values instanceof Float32Array;
  const out = isFloat ? new Float32Array(rows.length * rowSize) : new Int32Array(rows.length * rowSize);
  copyRows(input, rowSize, rows, out);
  return tf.tensor(out, [rows.length, ...rowShape], isFloat ? 'float32' : 'int32');
}

/** {@link gatherRows} of every input, by name. */
export function gatherBatch(inputs: readonly ResidentInput[], rows: Int32Array): Record<string, Tensor> {
  return Object.fromEntries(inputs.map((input) => [input.name, gatherRows(input, rows)]));
}
