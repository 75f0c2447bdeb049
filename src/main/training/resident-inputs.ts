import type { TargetInfo } from '../../shared/schema/dataset.ts';
import type { ExampleSet, Features, TargetValues } from '../data/loaded-dataset.ts';
import type { ResidentInput } from '../engine/engine.ts';

/** Name of the resident input that holds the features. */
export const FEATURES = 'features';

/** Name of the resident input that holds a target, e.g. "targets/digit". */
export function targetInput(target: string): string {
  return `targets/${target}`;
}

/** Name of features that must be prepared up front before a step can use them as {@link FEATURES}. */
export const RAW_FEATURES = 'features before preparation';

export function featureInput({ shape, values }: Features, name = FEATURES): ResidentInput {
  return { name, shape, values };
}

function targetShape(values: TargetValues): readonly number[] {
  return values instanceof Int32Array ? [values.length] : [values.length, 1];
}

/**
 * An example set as inputs that stay on the device: "features" [examples, ...example] and each target that is used,
 * labels int32 [examples] or numbers float32 [examples, 1]. The arrays are shared with the set, not copied.
 * @param used positions of targets
 * @param featureName name of the first input
 */
export function residentInputs(
  examples: ExampleSet,
  targets: readonly TargetInfo[],
  used: readonly number[],
  featureName = FEATURES,
): readonly ResidentInput[] {
  return [
    featureInput(examples.features, featureName),
    ...[...new Set(used)].map((index): ResidentInput => {
      const values = examples.targets[index]!;
      return { name: targetInput(targets[index]!.name), shape: targetShape(values), values };
    }),
  ];
}
