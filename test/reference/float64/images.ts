import type { LayerSpec } from '../../../src/shared/schema/model.ts';
import { side, zeros, type Array64 } from './array.ts';

type Pair = readonly [number, number];

/** Places of a window over one axis: the input row of output o and tap k, or -1 in the padding. */
function openAxis(length: number, taps: number, stride: number, dilation: number, padding: 'same' | 'valid') {
  const extent = (taps - 1) * dilation + 1;
  const outputs =
    padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - extent) / stride) + 1;
  const padded = padding === 'same' ? Math.max(0, (outputs - 1) * stride + extent - length) : 0;
  const before = Math.floor(padded / 2);
  const place = (output: number, tap: number) => {
    const row = output * stride + tap * dilation - before;
    return row < 0 || row >= length ? -1 : row;
  };
  return { outputs, place };
}

interface WindowShape {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
  readonly padding: 'same' | 'valid';
}

/**
 * Slides a window over x [batch, height, width, channels] and calls `visit` once per output position with the
 * taps that lie in the image: [tap row, tap column, flat index of the input's first channel there].
 */
function slide(
  x: Array64,
  window: WindowShape,
  visit: (position: number, taps: readonly (readonly [number, number, number])[]) => void,
): Pair {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const { size, strides, dilation, padding } = window;
  const rows = openAxis(height, size[0], strides[0], dilation[0], padding);
  const columns = openAxis(width, size[1], strides[1], dilation[1], padding);
  let position = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < rows.outputs; i++) {
      for (let j = 0; j < columns.outputs; j++) {
        const taps: [number, number, number][] = [];
        for (let a = 0; a < size[0]; a++) {
          for (let b = 0; b < size[1]; b++) {
            const [row, column] = [rows.place(i, a), columns.place(j, b)];
            if (row >= 0 && column >= 0) {
              taps.push([a, b, ((n * height + row) * width + column) * channels]);
            }
          }
        }
        visit(position++, taps);
      }
    }
  }
  return [rows.outputs, columns.outputs];
}

/** Cross-correlation with weight [kernel height, kernel width, in, out], without bias. */
export function conv2d(x: Array64, weight: Array64, layer: Extract<LayerSpec, { kind: 'conv2d' }>): Array64 {
  const [, kernelWidth, channels, filters] = weight.shape as [number, number, number, number];
  const { kernelSize, strides, dilation, padding } = layer;
  const sums: number[] = [];
  const outputs = slide(x, { size: kernelSize, strides, dilation, padding }, (_, taps) => {
    for (let f = 0; f < filters; f++) {
      let sum = 0;
      for (const [a, b, first] of taps) {
        for (let c = 0; c < channels; c++) {
          const tap = ((a * kernelWidth + b) * channels + c) * filters + f;
          sum += x.values[first + c]! * weight.values[tap]!;
        }
      }
      sums.push(sum);
    }
  });
  return { shape: [side(x, 0), ...outputs, filters], values: Float64Array.from(sums) };
}

/** Largest value, or mean without the padding, of every window. */
export function pool2d(
  x: Array64,
  layer: Extract<LayerSpec, { kind: 'max-pool2d' | 'average-pool2d' }>,
): Array64 {
  const channels = side(x, -1);
  const window = {
    size: layer.poolSize,
    strides: layer.strides ?? layer.poolSize,
    dilation: [1, 1] as const,
    padding: layer.padding,
  };
  const pooled: number[] = [];
  const outputs = slide(x, window, (_, taps) => {
    for (let c = 0; c < channels; c++) {
      const seen = taps.map(([, , first]) => x.values[first + c]!);
      const sum = seen.reduce((a, b) => a + b, 0);
      pooled.push(layer.kind === 'max-pool2d' ? Math.max(...seen) : sum / seen.length);
    }
  });
  return { shape: [side(x, 0), ...outputs, channels], values: Float64Array.from(pooled) };
}

/** Largest value or mean over each channel of an image. */
export function globalPool2d(x: Array64, kind: 'global-max-pool2d' | 'global-average-pool2d'): Array64 {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const pooled = zeros([batch, channels]);
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const seen = Array.from(
        { length: height * width },
        (_, place) => x.values[(n * height * width + place) * channels + c]!,
      );
      const sum = seen.reduce((a, b) => a + b, 0);
      pooled.values[n * channels + c] = kind === 'global-max-pool2d' ? Math.max(...seen) : sum / seen.length;
    }
  }
  return pooled;
}
