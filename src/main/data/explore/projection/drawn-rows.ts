import { openStream } from '../../../../shared/random/stream.ts';
import { apportion } from '../../split.ts';
import { isOnePart, splitParts, widthOf, type ExploredDataset, type PartRows } from '../explored-dataset.ts';

/** Examples drawn from train, dev and test, with their features side by side. Parallel arrays. */
export interface DrawnRows {
  /** 0 for a row of the training part, 1 for one of the test part. */
  readonly part: Uint8Array<ArrayBuffer>;
  readonly rows: Int32Array<ArrayBuffer>;
  /** [rows, width] flat, as they are in the dataset. */
  readonly values: Uint8Array | Float32Array;
  readonly width: number;
}

const splitNames = ['train', 'dev', 'test'] as const;

function drawFrom({ rows }: PartRows, count: number, seed: number, name: string): Int32Array {
  const shuffled = openStream(seed, 'explore', `rows/${name}`).shuffle(Int32Array.from(rows));
  return shuffled.slice(0, count).sort();
}

function emptyLike(values: Uint8Array | Float32Array, length: number): Uint8Array | Float32Array {
  return values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
}

/**
 * Draws examples by the seed, from train, dev and test in proportion to their sizes: all of them where there are no more
 * than `examples`. In the order train, dev, test, rows ascending.
 */
export function drawRows(explored: ExploredDataset, examples: number, seed: number): DrawnRows {
  const parts = splitParts(explored);
  const sizes = parts.map(({ rows }) => rows.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const count = Math.min(examples, total);
  const shares = apportion(count, sizes);
  const width = widthOf(explored.dataset);
  const drawn = {
    part: new Uint8Array(count),
    rows: new Int32Array(count),
    values: emptyLike(explored.dataset.train.features.values, count * width),
    width,
  };
  let place = 0;
  parts.forEach((part, index) => {
    const isTestPart = index === 2 && !isOnePart(explored);
    for (const row of drawFrom(part, shares[index]!, seed, splitNames[index]!)) {
      drawn.part[place] = isTestPart ? 1 : 0;
      drawn.rows[place] = row;
      drawn.values.set(part.set.features.values.subarray(row * width, (row + 1) * width), place * width);
      place++;
    }
  });
  return drawn;
}
