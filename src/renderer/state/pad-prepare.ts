import { blankPicture, type PictureShape, type PictureValues } from './pad-picture.ts';

/** How a drawing is laid out before the nets see it. */
export type Placement = 'as-drawn' | 'centred' | 'fitted';

/** Rows and columns, each from a first up to, but not with, a last. */
interface Extent {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** MNIST's digits fill 20 of 28 pixels (LeCun et al. 1998). */
const FILLED_SHARE = 20 / 28;
/** Fainter pixels are paper. */
const FAINTEST_INK = 8;

/** How much ink lies on each pixel: its mean distance from the paper's level. */
function inkOf([height, width, channels]: PictureShape, values: PictureValues, paper: number): Float32Array {
  const ink = new Float32Array(height * width);
  values.forEach((value, i) => (ink[Math.floor(i / channels)]! += Math.abs(value - paper) / channels));
  return ink;
}

/** What holds all the ink; null for a blank picture. */
function inkExtent([height, width]: PictureShape, ink: Float32Array): Extent | null {
  let [top, left, bottom, right] = [height, width, 0, 0];
  ink.forEach((level, at) => {
    if (level < FAINTEST_INK) return;
    const [row, column] = [Math.floor(at / width), at % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
  });
  return bottom > top ? { top, left, bottom, right } : null;
}

/** The middle of the ink's mass, in pixels; null for a blank picture. */
function centreOfMass([, width]: PictureShape, ink: Float32Array): { x: number; y: number } | null {
  let [mass, x, y] = [0, 0, 0];
  ink.forEach((level, at) => {
    mass += level;
    x += level * ((at % width) + 0.5);
    y += level * (Math.floor(at / width) + 0.5);
  });
  return mass > 0 ? { x: x / mass, y: y / mass } : null;
}

/** Moved by whole pixels, so that nothing is blurred; paper comes in at the sides. */
function moved(
  shape: PictureShape,
  values: PictureValues,
  [down, right]: readonly [number, number],
  paper: number,
): PictureValues {
  const [height, width, channels] = shape;
  const result = blankPicture(shape, paper);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [toRow, toColumn] = [row + down, column + right];
      if (toRow < 0 || toColumn < 0 || toRow >= height || toColumn >= width) continue;
      const from = (row * width + column) * channels;
      result.set(values.subarray(from, from + channels), (toRow * width + toColumn) * channels);
    }
  }
  return result;
}

function centred(shape: PictureShape, values: PictureValues, paper: number): PictureValues {
  const centre = centreOfMass(shape, inkOf(shape, values, paper));
  if (centre === null) return values;
  const [height, width] = shape;
  return moved(shape, values, [Math.round(height / 2 - centre.y), Math.round(width / 2 - centre.x)], paper);
}

/**
 * Weights by which `from` pixels become `to` by a triangle as wide as the coarser of the two, row by row [to, from]:
 * neither jagged when larger nor lossy when smaller.
 */
function resizeWeights(from: number, to: number): Float64Array {
  const scale = to / from;
  const support = Math.max(1, 1 / scale);
  const weights = new Float64Array(to * from);
  for (let target = 0; target < to; target++) {
    const centre = (target + 0.5) / scale;
    const row = weights.subarray(target * from, (target + 1) * from);
    row.forEach((_, source) => (row[source] = Math.max(0, 1 - Math.abs(source + 0.5 - centre) / support)));
    const sum = row.reduce((total, weight) => total + weight, 0);
    row.forEach((weight, source) => (row[source] = weight / sum));
  }
  return weights;
}

/** The part of the picture within an extent at another size, [rows, columns, channels] flat. */
function resized(
  [, width, channels]: PictureShape,
  values: PictureValues,
  { top, left, bottom, right }: Extent,
  [rows, columns]: readonly [number, number],
): PictureValues {
  const down = resizeWeights(bottom - top, rows);
  const across = resizeWeights(right - left, columns);
  const result = new Float32Array(rows * columns * channels);
  for (let i = 0; i < result.length; i++) {
    const [row, column] = [Math.floor(i / channels / columns), Math.floor(i / channels) % columns];
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const weight = down[row * (bottom - top) + y - top]! * across[column * (right - left) + x - left]!;
        sum += weight * values[(y * width + x) * channels + (i % channels)]!;
      }
    }
    result[i] = sum;
  }
  return result;
}

/** The drawing at the size that MNIST's digits have in their frame, its proportions kept. */
function filled(shape: PictureShape, values: PictureValues, paper: number): PictureValues {
  const extent = inkExtent(shape, inkOf(shape, values, paper));
  if (extent === null) return values;
  const [height, width, channels] = shape;
  const [tall, wide] = [extent.bottom - extent.top, extent.right - extent.left];
  const scale = Math.min((FILLED_SHARE * height) / tall, (FILLED_SHARE * width) / wide);
  const rows = Math.max(1, Math.round(tall * scale));
  const columns = Math.max(1, Math.round(wide * scale));
  const part = resized(shape, values, extent, [rows, columns]);
  const result = blankPicture(shape, paper);
  const [top, left] = [Math.floor((height - rows) / 2), Math.floor((width - columns) / 2)];
  for (let row = 0; row < rows; row++) {
    const line = part.subarray(row * columns * channels, (row + 1) * columns * channels);
    result.set(line, ((top + row) * width + left) * channels);
  }
  return result;
}

/**
 * A drawing as the nets are shown it: as it is, moved so that its centre of mass is in the middle, or brought to the size
 * of MNIST's digits and then moved so, as these were made.
 * @param paper level of what is not drawn on
 */
export function place(
  placement: Placement,
  shape: PictureShape,
  values: PictureValues,
  paper: number,
): PictureValues {
  if (placement === 'as-drawn') return values;
  return centred(shape, placement === 'fitted' ? filled(shape, values, paper) : values, paper);
}
