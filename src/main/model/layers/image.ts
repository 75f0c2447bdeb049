import { describeShape, type RefuseLayer, type Shape } from './definition.ts';

/** [height, width, channels] */
export type ImageShape = readonly [number, number, number];

/** The input as an image, or a refusal. */
export function requireImage(input: Shape, refuse: RefuseLayer): ImageShape {
  const [height, width, channels] = input;
  if (input.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    return refuse(
      `takes an image [height, width, channels] and is given ${describeShape(input)}`,
      'put it before the layer that flattens, or choose image data',
    );
  }
  return [height, width, channels];
}

/** How a window slides over an image; sizes are [height, width], the kernel already dilated. */
export interface SlidingWindow {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'same' | 'valid';
}

/**
 * Height and width after a window has slid over the image, as TensorFlow counts: ceil(n / stride) with `same`
 * padding, ceil((n - size + 1) / stride) with `valid`.
 * @param field of the layer to name when the window is larger than the image
 */
export function slide(
  image: ImageShape,
  window: SlidingWindow,
  refuse: RefuseLayer,
  field: string,
): [number, number] {
  const { size, strides, padding } = window;
  const fits = size[0] <= image[0] && size[1] <= image[1];
  if (padding === 'valid' && !fits) {
    refuse(
      `its window of ${size[0]}x${size[1]} is larger than its input of ${image[0]}x${image[1]}`,
      'take a smaller window, pad with "same", or remove a pooling layer before it',
      field,
    );
  }
  const count = (n: number, k: number, stride: number): number =>
    Math.ceil((padding === 'same' ? n : n - k + 1) / stride);
  return [count(image[0], size[0], strides[0]), count(image[1], size[1], strides[1])];
}
