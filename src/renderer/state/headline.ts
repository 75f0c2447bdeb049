import type { RunDetail, RunHeadline } from '../../shared/schema/run.ts';
import { formatAccuracy, formatLoss, isMeasured } from '../text/format.ts';

/** A run's one number: what it is, how it reads, and why it may be missing. */
export interface Headline {
  readonly label: string;
  readonly text: string;
  readonly measured: boolean;
}

const CANDIDATES = [
  ['testAccuracy', 'test accuracy'],
  ['devAccuracy', 'dev accuracy'],
  ['trainAccuracy', 'train accuracy'],
  ['testError', 'test RMSE'],
  ['devError', 'dev RMSE'],
  ['trainError', 'train RMSE'],
  ['testLoss', 'test loss'],
  ['devLoss', 'dev loss'],
  ['trainLoss', 'train loss'],
] as const satisfies readonly (readonly [keyof RunHeadline, string])[];

/** The number that says most: test before dev before train, accuracy before error before loss. */
export function headlineOf(headline: RunHeadline): Headline {
  for (const [key, label] of CANDIDATES) {
    const value = headline[key];
    if (isMeasured(value)) {
      const text = key.endsWith('Accuracy') ? formatAccuracy(value) : formatLoss(value);
      return { label, text, measured: true };
    }
  }
  return { label: 'result', text: 'not measured', measured: false };
}

/** What a table shows of the test split: the accuracy, or the RMSE of a regression, which needs its name beside it. */
export function testResultOf({ testAccuracy, testError }: RunHeadline): {
  text: string;
  label: string | null;
} {
  if (isMeasured(testAccuracy) || !isMeasured(testError)) {
    return { text: formatAccuracy(testAccuracy), label: null };
  }
  return { text: formatLoss(testError), label: 'RMSE' };
}

/** Why a split's number is missing. */
export function reasonMissing(split: 'train' | 'dev' | 'test', state: RunDetail['summary']['state']): string {
  if (state === 'queued' || state === 'running' || state === 'paused') {
    return split === 'test'
      ? 'The test split is measured when training ends'
      : 'No epoch has been evaluated yet';
  }
  return `The run ended before its ${split} split was measured, or the experiment does not measure it`;
}
