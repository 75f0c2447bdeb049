import type { Shape } from '../model/layers/definition.ts';

/** An example seen as an image: a row of numbers is one pixel high. */
export interface ImagePlane {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** @param shape of an example: [height, width, channels], [height, width], [features] or of a single number */
export function planeOf(shape: Shape): ImagePlane {
  if (shape.length <= 1) return { height: 1, width: shape[0] ?? 1, channels: 1 };
  const [height = 1, width = 1, ...rest] = shape;
  return { height, width, channels: rest.reduce((product, side) => product * side, 1) };
}
