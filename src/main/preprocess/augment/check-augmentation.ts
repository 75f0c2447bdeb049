import type { AugmentationSpec, AugmentationStep } from '../../../shared/schema/augmentation.ts';
import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import type { ExperimentIssue } from '../../../shared/schema/experiment.ts';

type Facts = Pick<DatasetInfo, 'name' | 'featureShape' | 'task'>;

/** A fault and the field of the step it belongs to; "" for the step itself. */
type Fault = readonly [field: string, message: string];

function checkMove(field: string, pixels: number, { featureShape, name }: Facts): Fault[] {
  const smallest = Math.min(featureShape[0]!, featureShape[1]!);
  if (pixels < smallest) return [];
  return [
    [
      field,
      `${pixels} pixels may move all of an image of ${name} out of sight, which is ${featureShape[0]} x ` +
        `${featureShape[1]}; take fewer than ${smallest}`,
    ],
  ];
}

function checkCutout(size: number, { featureShape, name }: Facts): Fault[] {
  const largest = Math.max(featureShape[0]!, featureShape[1]!);
  if (size < largest) return [];
  return [
    [
      'size',
      `a square of ${size} pixels may cover all of an image of ${name}, which is ${featureShape[0]} x ` +
        `${featureShape[1]}; take fewer than ${largest}`,
    ],
  ];
}

function checkMixing(
  { kind }: AugmentationStep,
  before: readonly AugmentationStep[],
  { task, name }: Facts,
): Fault[] {
  if (task !== 'classification') {
    return [['', `${kind} mixes classes and ${name} is a regression; leave it out`]];
  }
  const other = before.find((step) => step.kind === 'cutmix' || step.kind === 'mixup');
  if (other === undefined) return [];
  return [['', `only one step may mix images and ${other.kind} does already; remove one of them`]];
}

/** @param before the steps in front of this one */
function checkStep(step: AugmentationStep, before: readonly AugmentationStep[], facts: Facts): Fault[] {
  switch (step.kind) {
    case 'shift':
      return checkMove('pixels', step.pixels, facts);
    case 'crop':
      return checkMove('padding', step.padding, facts);
    case 'cutout':
      return checkCutout(step.size, facts);
    case 'cutmix':
    case 'mixup':
      return checkMixing(step, before, facts);
    case 'rotation':
    case 'flip':
    case 'brightness':
    case 'contrast':
    case 'noise':
      return [];
    default:
      return step satisfies never;
  }
}

/** What would stop or spoil an augmentation, each fault at its path in the experiment. */
export function checkAugmentation(spec: AugmentationSpec, facts: Facts): ExperimentIssue[] {
  if (spec.length === 0) return [];
  if (facts.featureShape.length !== 3) {
    const message = `augmentation changes images and ${facts.name} has rows of numbers; remove its steps`;
    return [{ path: 'augmentation', message }];
  }
  return spec.flatMap((step, index) =>
    checkStep(step, spec.slice(0, index), facts).map(([field, message]) => ({
      path: ['augmentation', index, field].filter((part) => part !== '').join('.'),
      message,
    })),
  );
}
