import { StudioError } from '../../../shared/ipc/errors.ts';
import type { TargetInfo } from '../../../shared/schema/dataset.ts';
import type { ExamplesContent } from '../library/dataset-content.ts';
import type { ExampleSet, Features, TargetValues } from '../loaded-dataset.ts';
import { defaultFeatureNames } from './array-features.ts';

/** One part as it was read. */
export interface ReadPart {
  /** What the messages call it. */
  readonly name: string;
  readonly features: Features;
  readonly target: TargetValues;
}

function refuse(message: string): StudioError {
  return new StudioError('data-damaged', `datasets: ${message}`, {});
}

function toSet({ name, features, target }: ReadPart): ExampleSet {
  const [exampleCount = 0] = features.shape;
  if (exampleCount === 0) throw refuse(`${name} holds no example; choose another file`);
  if (target.length === exampleCount) return { features, targets: [target], exampleCount };
  throw refuse(
    `${name} holds ${exampleCount} examples and ${target.length} labels, expected as many of each; the two do not belong together`,
  );
}

function checkAlike(train: Features, test: Features): void {
  const [one, other] = [train, test].map(({ shape }) => shape.slice(1).join('x'));
  const sameKind = train.values.constructor === test.values.constructor;
  if (one === other && sameKind) return;
  throw refuse(
    `examples to train on are ${train.values.constructor.name} of ${one}, those to test on ${test.values.constructor.name} of ${other}; expected the same`,
  );
}

/**
 * Joins the parts of a dataset of one target.
 * @throws StudioError `data-damaged` where features and labels, or the two parts, do not belong together
 */
export function examplesContent(target: TargetInfo, train: ReadPart, test: ReadPart | null): ExamplesContent {
  if (test !== null) checkAlike(train.features, test.features);
  const featureShape = train.features.shape.slice(1);
  return {
    kind: 'examples',
    featureShape,
    featureNames: defaultFeatureNames(featureShape),
    targets: [target],
    train: toSet(train),
    test: test === null ? null : toSet(test),
  };
}
