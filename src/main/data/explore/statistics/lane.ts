import { hasImages, splitParts, widthOf, type ExploredDataset } from '../explored-dataset.ts';

/** Numbers that rows are picked of: of row r those at r * width + first, + step, ... below (r + 1) * width. */
export interface LaneRows {
  readonly values: Uint8Array | Float32Array;
  readonly rows: Int32Array;
  readonly width: number;
  readonly first: number;
  readonly step: number;
}

/** One feature of a table, one channel of images or one numeric target, in train, dev and test. */
export interface Lane {
  readonly name: string;
  readonly splits: readonly [LaneRows, LaneRows, LaneRows];
}

const channelNames: Readonly<Record<number, readonly string[]>> = {
  1: ['grey'],
  3: ['red', 'green', 'blue'],
  4: ['red', 'green', 'blue', 'alpha'],
};

function channelName(channel: number, channels: number): string {
  return channelNames[channels]?.[channel] ?? `channel ${channel + 1}`;
}

function featureLane(explored: ExploredDataset, name: string, first: number, step: number): Lane {
  const width = widthOf(explored.dataset);
  const [train, dev, test] = splitParts(explored).map(({ set, rows }) => {
    return { values: set.features.values, rows, width, first, step };
  });
  return { name, splits: [train!, dev!, test!] };
}

function targetLane(explored: ExploredDataset, name: string, place: number): Lane {
  const [train, dev, test] = splitParts(explored).map(({ set, rows }) => {
    // A numeric target is float32 by the data contract; only labels are int32.
    return { values: set.targets[place] as Float32Array, rows, width: 1, first: 0, step: 1 };
  });
  return { name, splits: [train!, dev!, test!] };
}

/**
 * What a dataset has histograms of: every feature (of images every channel), then every target that is a number. The
 * arrays are the dataset's own.
 */
export function lanesOf(explored: ExploredDataset): Lane[] {
  const { info } = explored.dataset;
  const width = widthOf(explored.dataset);
  const step = hasImages(explored.dataset) ? (info.featureShape[2] ?? 1) : width;
  const features = Array.from({ length: step }, (_, first) => {
    const name = step === width ? (info.featureNames[first] ?? `x${first + 1}`) : channelName(first, step);
    return featureLane(explored, name, first, step);
  });
  const targets = info.targets.flatMap(({ name, kind }, place) =>
    kind === 'number' ? [targetLane(explored, name, place)] : [],
  );
  return [...features, ...targets];
}
