import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { ExperimentIssue } from '../../shared/schema/experiment.ts';
import type { PreprocessingSpec, PreprocessingStep } from '../../shared/schema/preprocessing.ts';

type Facts = Pick<DatasetInfo, 'name' | 'featureShape' | 'targets'>;

function isOfFeatures({ kind }: PreprocessingStep): boolean {
  return kind !== 'log-target' && kind !== 'standardise-target';
}

function checkUnitScale(index: number, first: number, info: Facts): string | null {
  if (info.featureShape.length !== 3) {
    return `unit-scale divides 8-bit values by 255 and ${info.name} has real numbers; take standardise or leave it out`;
  }
  if (index === first) return null;
  return 'unit-scale expects 8-bit values, so it must be the first step; move it to the front';
}

function checkTargetStep(step: PreprocessingStep, { name, targets }: Facts): string | null {
  if (targets[0]?.kind === 'number') return null;
  return `${step.kind} changes a number and the main target of ${name} is a class; leave it out`;
}

function checkStep(
  step: PreprocessingStep,
  index: number,
  spec: PreprocessingSpec,
  info: Facts,
): string | null {
  switch (step.kind) {
    case 'unit-scale':
      return checkUnitScale(index, spec.findIndex(isOfFeatures), info);
    case 'zca-whitening':
      if (spec.findLastIndex(isOfFeatures) === index) return null;
      return 'zca-whitening must be the last step that changes the features, and once; move it to the end';
    case 'log-target':
    case 'standardise-target':
      return checkTargetStep(step, info);
    case 'standardise':
    case 'min-max':
      return null;
    default:
      return step satisfies never;
  }
}

/** Faults of a preparation that can be seen before the data is loaded, each at its path in the experiment. */
export function checkPreprocessing(spec: PreprocessingSpec, info: Facts): ExperimentIssue[] {
  return spec.flatMap((step, index) => {
    const message = checkStep(step, index, spec, info);
    return message === null ? [] : [{ path: `preprocessing.${index}`, message }];
  });
}
