import type { ExampleSet } from '../data/loaded-dataset.ts';
import type { ResidentInput } from '../engine/engine.ts';

/** Names of the resident inputs of every step. */
export const FEATURES = 'features';
export const TARGETS = 'targets';

/**
 * An example set as inputs that stay on the device: "features" [examples, ...example] and "targets", labels [examples]
 * or numbers [examples, outputs]. The arrays are shared with the set, not copied.
 */
export function residentInputs(examples: ExampleSet): readonly ResidentInput[] {
  const { features, targets, exampleCount } = examples;
  const targetShape =
    targets instanceof Int32Array ? [exampleCount] : [exampleCount, targets.length / exampleCount];
  return [
    { name: FEATURES, shape: features.shape, values: features.values },
    { name: TARGETS, shape: targetShape, values: targets },
  ];
}
