import type { DecodedImage } from './decoded-image.ts';

/** For each place of a row of the result: the first place of the source that counts, and the weights from there on. */
interface Kernel {
  readonly starts: Int32Array;
  readonly weights: readonly Float64Array[];
}

/**
 * Bilinear weights, wider where the picture becomes smaller so that every source pixel counts (Pillow's BILINEAR,
 * torchvision's with antialias): a triangle of half-width max(1, from / to) around the place's centre, summing to 1.
 */
function createKernel(from: number, to: number): Kernel {
  const scale = from / to;
  const support = Math.max(1, scale);
  const starts = new Int32Array(to);
  const weights = Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    starts[place] = start;
    const triangle = Float64Array.from({ length: end - start }, (_unused, at) =>
      Math.max(0, 1 - Math.abs((start + at - centre + 0.5) / support)),
    );
    const sum = triangle.reduce((total, weight) => total + weight, 0);
    return triangle.map((weight) => weight / sum);
  });
  return { starts, weights };
}

/** Resizes along the middle of three axes [outer, from, inner]; the sum of weighted values is rounded. */
function resizeAxis(values: Uint8Array, outer: number, from: number, to: number, inner: number): Uint8Array {
  const { starts, weights } = createKernel(from, to);
  const resized = new Uint8Array(outer * to * inner);
  for (let row = 0; row < outer; row++) {
    for (let place = 0; place < to; place++) {
      const kernel = weights[place]!;
      const source = (row * from + starts[place]!) * inner;
      const target = (row * to + place) * inner;
      for (let lane = 0; lane < inner; lane++) {
        let sum = 0;
        for (let at = 0; at < kernel.length; at++) sum += kernel[at]! * values[source + at * inner + lane]!;
        resized[target + lane] = Math.round(sum);
      }
    }
  }
  return resized;
}

/** Brings a picture to a size, bilinear, without keeping its proportions. */
export function resizeImage(image: DecodedImage, width: number, height: number): DecodedImage {
  const { channels } = image;
  let { values } = image;
  if (image.width !== width) values = resizeAxis(values, image.height, image.width, width, channels);
  if (image.height !== height) values = resizeAxis(values, 1, image.height, height, width * channels);
  return { width, height, channels, values };
}
