import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { putKernel, type KernelCall } from './put-kernel.ts';

/**
 * Gradients of pooling in place of tfjs's own, which are wrong: its average divides by the whole window where
 * the forward pass leaves the padding out (cpu and wasm), and its maximum takes no notice of values below
 * zero (wasm).
 */

type PoolInfo = tf.backend_util.Conv2DInfo;

function poolInfo(input: Tensor4D, attributes: KernelCall['attributes']): PoolInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.MaxPoolGradAttrs;
  return tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** First row in the image and the row after the last, of a window that begins at `begin` in the padding. */
function clip(begin: number, size: number, length: number): [number, number] {
  return [Math.max(0, begin), Math.min(length, begin + size)];
}

/** How many rows of the image each window covers along one axis. */
function coveredRows(
  outputs: number,
  stride: number,
  before: number,
  size: number,
  length: number,
): number[] {
  return Array.from({ length: outputs }, (_, output) => {
    const [first, end] = clip(output * stride - before, size, length);
    return end - first;
  });
}

/** Window size over places that are in the image, per output position: [1, outHeight, outWidth, 1]. */
function paddingCorrection(info: PoolInfo): Tensor4D {
  const { padInfo, filterHeight, filterWidth } = info;
  const rows = coveredRows(info.outHeight, info.strideHeight, padInfo.top, filterHeight, info.inHeight);
  const columns = coveredRows(info.outWidth, info.strideWidth, padInfo.left, filterWidth, info.inWidth);
  const factors = rows.flatMap((row) =>
    columns.map((column) => (filterHeight * filterWidth) / (row * column)),
  );
  return tf.tensor4d(factors, [1, info.outHeight, info.outWidth, 1]);
}

/** Corrects the average pool's gradient of a backend for padding. */
export function correctAveragePoolGradient(backendName: string): void {
  putKernel(backendName, tf.AvgPoolGrad, (original) => (call) => {
    const { dy, input } = call.inputs as { dy: Tensor4D; input: Tensor4D };
    const corrected = tf.tidy(() => tf.mul(dy, paddingCorrection(poolInfo(input, call.attributes))));
    const gradient = original!({ ...call, inputs: { dy: corrected, input } });
    corrected.dispose();
    return gradient;
  });
}

/** Flat index of the largest value of one channel in a window; the first one of equals. */
function findLargest(
  x: ArrayLike<number>,
  image: number,
  rows: readonly [number, number],
  columns: readonly [number, number],
  info: PoolInfo,
): number {
  const channels = info.inChannels;
  let best = image + (rows[0] * info.inWidth + columns[0]) * channels;
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const place = image + (row * info.inWidth + column) * channels;
      if (x[place]! > x[best]!) best = place;
    }
  }
  return best;
}

/**
 * Sends every output's gradient to the place of its window's largest value.
 * @param x and the result are [batch, height, width, channels] flat, `dy` [batch, outHeight, outWidth, channels]
 */
export function maxPoolGradient(x: ArrayLike<number>, dy: ArrayLike<number>, info: PoolInfo): Float32Array {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  const dx = new Float32Array(batchSize * inHeight * inWidth * inChannels);
  let output = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const rows = clip(i * info.strideHeight - padInfo.top, info.filterHeight, inHeight);
      for (let j = 0; j < outWidth; j++) {
        const columns = clip(j * info.strideWidth - padInfo.left, info.filterWidth, inWidth);
        for (let c = 0; c < inChannels; c++) {
          const image = n * inHeight * inWidth * inChannels + c;
          dx[findLargest(x, image, rows, columns, info)]! += dy[output++]!;
        }
      }
    }
  }
  return dx;
}

/** Gives a backend the gradient of max pooling above. */
export function replaceMaxPoolGradient(backendName: string): void {
  putKernel(backendName, tf.MaxPoolGrad, () => ({ inputs, attributes }) => {
    const { dy, input } = inputs as { dy: Tensor4D; input: Tensor4D };
    const dx = maxPoolGradient(input.dataSync(), dy.dataSync(), poolInfo(input, attributes));
    return tf.tensor4d(dx, input.shape);
  });
}
