import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { RunHeadline } from '../../shared/schema/run.ts';

type HeadlineField = Exclude<keyof RunHeadline, 'epoch'>;

const fields: Readonly<Record<string, HeadlineField | undefined>> = {
  'train/loss': 'trainLoss',
  'dev/loss': 'devLoss',
  'test/loss': 'testLoss',
  'train/accuracy': 'trainAccuracy',
  'dev/accuracy': 'devAccuracy',
  'test/accuracy': 'testAccuracy',
  'train/root-mean-squared-error': 'trainError',
  'dev/root-mean-squared-error': 'devError',
  'test/root-mean-squared-error': 'testError',
};

/** Nothing measured yet. */
export const emptyHeadline: RunHeadline = {
  epoch: 0,
  trainLoss: null,
  devLoss: null,
  testLoss: null,
  trainAccuracy: null,
  devAccuracy: null,
  testAccuracy: null,
  trainError: null,
  devError: null,
  testError: null,
};

/** The headline after more points: the newest value of each number it shows. */
export function updateHeadline(
  headline: RunHeadline,
  epoch: number,
  points: readonly MetricPoint[],
): RunHeadline {
  const next = { ...headline, epoch };
  for (const point of points) {
    const field = fields[`${point.split}/${point.metric}`];
    if (field !== undefined) next[field] = point.value;
  }
  return next;
}
