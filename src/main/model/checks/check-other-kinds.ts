import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { LabSpec } from '../../../shared/schema/lab.ts';
import type { SplitSizes } from '../split-sizes.ts';
import type { Report } from './report.ts';

/** A support vector machine has classes to tell apart and examples as they are. */
export function checkSvm(experiment: Experiment, info: DatasetInfo, report: Report): void {
  if (info.targets[0]!.kind !== 'class') {
    report(
      'svm',
      `a support vector classifier needs classes and ${info.name} is a regression; train a net instead`,
    );
  }
  if (experiment.augmentation.length > 0) {
    report(
      'augmentation',
      'a support vector machine takes each example once, as it is; remove the augmentation',
    );
  }
}

/** A laboratory has a sensible range, or a batch to measure. */
export function checkLab(lab: LabSpec, sizes: SplitSizes | null, report: Report): void {
  if (lab.kind === 'chained-products') {
    if (lab.minimum > lab.maximum) {
      report('lab.maximum', `is ${lab.maximum}, below the minimum of ${lab.minimum}; swap them`);
    }
  } else if (sizes !== null && lab.batchSize > sizes.train) {
    report(
      'lab.batchSize',
      `a batch of ${lab.batchSize} is larger than the ${sizes.train} training examples; take less`,
    );
  }
}
