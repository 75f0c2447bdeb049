import type { DatasetStatistics } from '../../../../shared/schema/explore.ts';
import { hasImages, widthOf, type ExploredDataset } from '../explored-dataset.ts';

/** More numbers than this per kind of image are not sent: 8 MB. */
const MOST_NUMBERS = 2 ** 21;

interface Sums {
  readonly counts: Float64Array;
  /** Per class the first training example of it; differences from it are summed, which keeps the digits. */
  readonly origins: Int32Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function addExample(
  { origins, sums, squares }: Sums,
  values: Uint8Array | Float32Array,
  row: number,
  label: number,
  width: number,
): void {
  const origin = origins[label]! * width;
  const from = row * width;
  const into = label * width;
  for (let place = 0; place < width; place++) {
    const difference = values[from + place]! - values[origin + place]!;
    sums[into + place]! += difference;
    squares[into + place]! += difference * difference;
  }
}

function sumByClass({ dataset, split }: ExploredDataset, classCount: number, width: number): Sums {
  const { features, targets } = dataset.train;
  const labels = targets[0]!;
  const sums = {
    counts: new Float64Array(classCount),
    origins: new Int32Array(classCount).fill(-1),
    sums: new Float64Array(classCount * width),
    squares: new Float64Array(classCount * width),
  };
  for (const row of split.train) {
    const label = labels[row]!;
    if (sums.origins[label]! < 0) sums.origins[label] = row;
    sums.counts[label]!++;
    addExample(sums, features.values, row, label, width);
  }
  return sums;
}

/**
 * Mean and standard deviation (divided by n) of the training images of each class, [classes, ...featureShape] flat, in
 * the units of the dataset; zeros for a class without examples. Null for what are no images, for a regression, and where
 * they would be over 2,097,152 numbers.
 */
export function classImages(explored: ExploredDataset): DatasetStatistics['classImages'] {
  const { dataset } = explored;
  const classCount = dataset.info.classes.length;
  const width = widthOf(dataset);
  const size = classCount * width;
  if (!hasImages(dataset) || size === 0 || size > MOST_NUMBERS) return null;
  const { counts, origins, sums, squares } = sumByClass(explored, classCount, width);
  const mean = new Float32Array(size);
  const standardDeviation = new Float32Array(size);
  for (let label = 0; label < classCount; label++) {
    const count = counts[label]!;
    if (count === 0) continue;
    for (let place = 0; place < width; place++) {
      const at = label * width + place;
      const average = sums[at]! / count;
      mean[at] = dataset.train.features.values[origins[label]! * width + place]! + average;
      standardDeviation[at] = Math.sqrt(Math.max(0, squares[at]! / count - average * average));
    }
  }
  return { mean, standardDeviation };
}
