/** Numbers of an image from 0 to 255, [height, width, channels] flat. */
export type PictureValues = Float32Array<ArrayBuffer>;

/** [height, width, channels] */
export type PictureShape = readonly [height: number, width: number, channels: number];

/** Red, green and blue from 0 to 255; a grey picture takes the first. */
export type Ink = readonly [number, number, number];

/** A place in a picture, in its pixels; the first pixel's middle is at 0.5. */
export interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

/** What is drawn with. */
export interface Pen {
  /** Half the width of its line, in pixels. */
  readonly radius: number;
  readonly ink: Ink;
}

/** How wide the edge of a line fades, in pixels: about as that of the digits of MNIST. */
const SOFT_EDGE = 1.2;

export function sizeOf([height, width, channels]: PictureShape): number {
  return height * width * channels;
}

/** An image of one grey level. */
export function blankPicture(shape: PictureShape, level = 0): PictureValues {
  return new Float32Array(sizeOf(shape)).fill(level);
}

/** The distance of a point from the stretch between two others. */
function distanceFrom(x: number, y: number, from: PicturePoint, to: PicturePoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
}

/** How much of a pixel the pen covers, from 0 to 1. */
function coverage(distance: number, radius: number): number {
  return Math.min(1, Math.max(0, 0.5 + (radius - distance) / SOFT_EDGE));
}

/** One line of a pen, soft at its edges; going over it again makes it no darker. */
export class Stroke {
  readonly #shape: PictureShape;
  readonly #base: PictureValues;
  readonly #pen: Pen;
  readonly #cover: Float32Array;
  #last: PicturePoint;

  /** @param base the picture it begins on, which stays as it is */
  constructor(shape: PictureShape, base: PictureValues, pen: Pen, start: PicturePoint) {
    this.#shape = shape;
    this.#base = base;
    this.#pen = pen;
    this.#cover = new Float32Array(shape[0] * shape[1]);
    this.#last = start;
  }

  /** The picture with the line drawn on to a point. */
  to(point: PicturePoint): PictureValues {
    const [height, width] = this.#shape;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const distance = distanceFrom(column + 0.5, row + 0.5, this.#last, point);
        const at = row * width + column;
        this.#cover[at] = Math.max(this.#cover[at]!, coverage(distance, this.#pen.radius));
      }
    }
    this.#last = point;
    return this.#blend();
  }

  #blend(): PictureValues {
    const [, , channels] = this.#shape;
    const { ink } = this.#pen;
    return this.#base.map((value, i) => {
      const level = ink[i % channels] ?? ink[0];
      return value + (level - value) * this.#cover[Math.floor(i / channels)]!;
    });
  }
}

/** White where it was black, and so on. */
export function inverted(values: PictureValues): PictureValues {
  return values.map((value) => 255 - value);
}

/**
 * The picture in one colour: each pixel's brightness (its strongest channel) times the colour, as coloured USPS is made.
 */
export function tinted(values: PictureValues, ink: Ink): PictureValues {
  const tint = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += 3) {
    const brightness = Math.max(values[at]!, values[at + 1]!, values[at + 2]!) / 255;
    for (let channel = 0; channel < 3; channel++) tint[at + channel] = brightness * ink[channel]!;
  }
  return tint;
}
