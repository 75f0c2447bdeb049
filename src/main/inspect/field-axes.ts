import type { LoadedDataset } from '../data/loaded-dataset.ts';

/** Share of the data's extent that is shown beyond it on each side. */
const MARGIN = 0.1;

/** A stretch of one feature, in its own unit. */
export interface FieldAxis {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** The stretch of a feature that holds all examples of both parts, and a margin. */
export function fieldAxis({ train, test, info }: LoadedDataset, feature: number): FieldAxis {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const { features } of [train, test]) {
    const width = features.shape[1] ?? 1;
    for (let i = feature; i < features.values.length; i += width) {
      minimum = Math.min(minimum, features.values[i]!);
      maximum = Math.max(maximum, features.values[i]!);
    }
  }
  // Equal values still get a stretch to draw.
  const margin = MARGIN * (maximum - minimum) || 1;
  const name = info.featureNames[feature] ?? `x${feature + 1}`;
  return { name, minimum: minimum - margin, maximum: maximum + margin };
}

/** The point at position `index` of `count` equal steps, both ends included. */
export function pointOn({ minimum, maximum }: FieldAxis, index: number, count: number): number {
  return minimum + ((maximum - minimum) * index) / (count - 1);
}
