import type { ImagePlane } from './image-plane.ts';

/** Weights of what an image is penalised for. */
export interface ImagePenalties {
  /** Of the sum of its squares. */
  readonly l2: number;
  /** Of the sum of absolute differences between neighbours below and to the right, channel by channel. */
  readonly totalVariation: number;
}

/** Takes the pair's share of the total variation's slope off; equal neighbours have none. */
function pull(gradient: Float32Array, image: Float32Array, a: number, b: number, weight: number): void {
  const push = weight * Math.sign(image[b]! - image[a]!);
  gradient[a]! += push;
  gradient[b]! -= push;
}

function addVariation(gradient: Float32Array, image: Float32Array, plane: ImagePlane, weight: number): void {
  const { height, width, channels } = plane;
  const row = width * channels;
  for (let at = 0; at < image.length; at++) {
    const [y, x] = [Math.floor(at / row), Math.floor((at % row) / channels)];
    if (y + 1 < height) pull(gradient, image, at, at + row, weight);
    if (x + 1 < width) pull(gradient, image, at, at + channels, weight);
  }
}

/**
 * Takes the slope of l2 sum x^2 + totalVariation sum |difference of neighbours| off a gradient, in place. A row of
 * numbers (an image one pixel high) has no neighbours.
 */
export function addPenalties(
  gradient: Float32Array,
  image: Float32Array,
  plane: ImagePlane,
  { l2, totalVariation }: ImagePenalties,
): void {
  for (let at = 0; at < image.length; at++) gradient[at]! -= 2 * l2 * image[at]!;
  if (totalVariation > 0 && plane.height > 1) addVariation(gradient, image, plane, totalVariation);
}
