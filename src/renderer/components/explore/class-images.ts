import type { DatasetStatistics } from '../../../shared/schema/explore.ts';
import { channelsOf, viridis } from '../../charts/colour-maps.ts';

/** Numbers of one class's picture as colours, [height, width, 4] flat. */
type Colours = Uint8ClampedArray<ArrayBuffer>;

/** Smallest and largest of all pictures, which share a scale so that classes can be compared. */
export function rangeOf(values: Float32Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** A class's mean as it would look: grey, or in its own colours. */
export function meanColours(
  { mean }: NonNullable<DatasetStatistics['classImages']>,
  label: number,
  shape: readonly number[],
  [low, high]: readonly [number, number],
): Colours {
  const [height = 1, width = 1, channels = 1] = shape;
  const size = height * width;
  const scale = high > low ? 255 / (high - low) : 0;
  const colours = new Uint8ClampedArray(size * 4).fill(255);
  for (let pixel = 0; pixel < size; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = (label * size + pixel) * channels + (channels >= 3 ? channel : 0);
      colours[pixel * 4 + channel] = ((mean[from] ?? low) - low) * scale;
    }
  }
  return colours;
}

/** A class's standard deviation by the sequential map, over its channels on average. */
export function deviationColours(
  { standardDeviation }: NonNullable<DatasetStatistics['classImages']>,
  label: number,
  shape: readonly number[],
  most: number,
): Colours {
  const [height = 1, width = 1, channels = 1] = shape;
  const size = height * width;
  const colours = new Uint8ClampedArray(size * 4).fill(255);
  for (let pixel = 0; pixel < size; pixel++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += standardDeviation[(label * size + pixel) * channels + channel] ?? 0;
    colours.set(viridisAt(most > 0 ? sum / channels / most : 0), pixel * 4);
  }
  return colours;
}

const STEPS = Array.from({ length: 256 }, (_, step) => channelsOf(viridis(step / 255)));

function viridisAt(share: number): readonly [number, number, number] {
  return STEPS[Math.round(255 * Math.min(1, Math.max(0, share)))]!;
}
