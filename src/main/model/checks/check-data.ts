import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
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
