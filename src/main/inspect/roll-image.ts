import type { ImagePlane } from './image-plane.ts';

/** (a mod n), never negative. */
function wrap(a: number, n: number): number {
  return ((a % n) + n) % n;
}

/**
 * A copy of an image moved by whole pixels; what leaves on one side comes in on the other.
 * @param image [height, width, channels] flat
 * @param shift [down, right]
 */
export function rollImage(
  image: Float32Array,
  { height, width, channels }: ImagePlane,
  [down, right]: readonly [number, number],
): Float32Array<ArrayBuffer> {
  if (down === 0 && right === 0) return Float32Array.from(image);
  const rolled = new Float32Array(image.length);
  for (let y = 0; y < height; y++) {
    const toRow = wrap(y + down, height) * width;
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = (toRow + wrap(x + right, width)) * channels;
      for (let channel = 0; channel < channels; channel++) rolled[to + channel] = image[from + channel]!;
    }
  }
  return rolled;
}
