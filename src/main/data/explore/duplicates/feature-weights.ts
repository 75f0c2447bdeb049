import { hasImages, splitParts, widthOf, type ExploredDataset, type PartRows } from '../explored-dataset.ts';

/** Least and greatest value by column. */
interface Extremes {
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

function widen({ least, greatest }: Extremes, { set, rows }: PartRows, width: number): void {
  const { values } = set.features;
  for (const row of rows) {
    for (let column = 0, place = row * width; column < width; column++, place++) {
      const value = values[place]!;
      if (value < least[column]!) least[column] = value;
      if (value > greatest[column]!) greatest[column] = value;
    }
  }
}

function extremesOf(explored: ExploredDataset, width: number): Extremes {
  const extremes = {
    least: new Float64Array(width).fill(Infinity),
    greatest: new Float64Array(width).fill(-Infinity),
  };
  for (const part of splitParts(explored)) widen(extremes, part, width);
  return extremes;
}

/**
 * What differences are multiplied by to become shares of the features' range, [width]: for bytes 1 / 255; for other images
 * one range over all pixels; for rows of numbers the range of each feature, 0 where it does not vary.
 */
export function featureWeights(explored: ExploredDataset): Float64Array {
  const { dataset } = explored;
  const width = widthOf(dataset);
  if (dataset.train.features.values instanceof Uint8Array && hasImages(dataset)) {
    return new Float64Array(width).fill(1 / 255);
  }
  const { least, greatest } = extremesOf(explored, width);
  if (!hasImages(dataset)) {
    return greatest.map((value, column) => (value > least[column]! ? 1 / (value - least[column]!) : 0));
  }
  const range =
    greatest.reduce((a, b) => Math.max(a, b), -Infinity) - least.reduce((a, b) => Math.min(a, b), Infinity);
  return new Float64Array(width).fill(range > 0 ? 1 / range : 0);
}
