import type { SearchEstimate } from '../../shared/schema/study.ts';
import { formatCount, formatDuration } from '../text/format.ts';

function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** What a search trains, e.g. "65 of 324 points, 65 nets" or "500 trials, 2,500 nets". */
export function sizeText({ points, trials, nets }: SearchEstimate): string {
  const drawn =
    points === null || points === trials
      ? counted(trials, 'trial', 'trials')
      : `${formatCount(trials)} of ${counted(points, 'point', 'points')}`;
  return `${drawn}, ${counted(nets, 'net', 'nets')}`;
}

/** How long a search takes, or why that is not known. */
export function timeText({ seconds }: SearchEstimate): string {
  return seconds === null ? 'time known after the first trials' : `about ${formatDuration(seconds * 1_000)}`;
}
