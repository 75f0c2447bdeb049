import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { PreprocessingStep } from '../../../shared/schema/preprocessing.ts';
import type { Report } from './report.ts';

function checkLimits(experiment: Experiment, info: DatasetInfo, report: Report): void {
  const { trainLimit, testLimit, testExamples } = experiment.data.split;
  const drawn = info.testExamples === 0 ? (testExamples ?? 0) : 0;
  const limits = [
    ['trainLimit', trainLimit, info.trainExamples - drawn],
    ['testLimit', testLimit, info.testExamples + drawn],
  ] as const;
  for (const [name, limit, available] of limits) {
    if (limit === null || limit <= available) continue;
    report(
      `data.split.${name}`,
      `${info.name} has ${available} such examples, fewer than the ${limit} asked for`,
    );
  }
}

function checkDrawnTest(experiment: Experiment, info: DatasetInfo, report: Report): void {
  const { testExamples } = experiment.data.split;
  if (info.testExamples > 0) return;
  const path = 'data.split.testExamples';
  if (testExamples === null) {
    report(
      path,
      `${info.name} comes as one part; say how many of its ${info.trainExamples} examples are for test`,
    );
  } else if (testExamples >= info.trainExamples) {
    report(
      path,
      `${testExamples} of ${info.trainExamples} examples for test leave none to train on; take fewer`,
    );
  }
}

function checkDev(experiment: Experiment, info: DatasetInfo, report: Report): void {
  const { devExamples, trainLimit, testExamples } = experiment.data.split;
  const drawn = info.testExamples === 0 ? (testExamples ?? 0) : 0;
  const available = Math.min(trainLimit ?? Infinity, info.trainExamples - drawn);
  if (devExamples === null || devExamples < available || available < 1) return;
  report(
    'data.split.devExamples',
    `${devExamples} examples for dev leave none of ${available} to train on; take fewer`,
  );
}

/** The split leaves something to train on, and asks for no more than there is. */
export function checkSplit(experiment: Experiment, info: DatasetInfo, report: Report): void {
  checkLimits(experiment, info, report);
  checkDrawnTest(experiment, info, report);
  checkDev(experiment, info, report);
}

const isTargetStep = ({ kind }: PreprocessingStep): boolean =>
  kind === 'log-target' || kind === 'standardise-target';

function checkUnitScale(experiment: Experiment, info: DatasetInfo, index: number, report: Report): void {
  const path = `preprocessing.${index}`;
  if (info.featureShape.length !== 3) {
    report(
      path,
      `unit-scale divides 8-bit values by 255 and ${info.name} has real numbers; take standardise or leave it out`,
    );
  } else if (!experiment.preprocessing.slice(0, index).every(isTargetStep)) {
    report(path, 'unit-scale expects 8-bit values, so it must be the first step; move it to the front');
  }
}

/** Each step of preparation fits the data and its place. */
export function checkPreprocessing(experiment: Experiment, info: DatasetInfo, report: Report): void {
  experiment.preprocessing.forEach((step, index) => {
    if (step.kind === 'unit-scale') checkUnitScale(experiment, info, index, report);
    if (isTargetStep(step) && info.targets[0]!.kind === 'class') {
      report(
        `preprocessing.${index}`,
        `${step.kind} changes a number and ${info.name} has classes; remove it`,
      );
    }
  });
}
