import type { StudySummary } from '../schema/study.ts';

/** Trials of a study that have ended, in whatever way. */
export function endedTrials(
  study: Pick<StudySummary, 'trialsDone' | 'trialsPruned' | 'trialsFailed'>,
): number {
  return study.trialsDone + study.trialsPruned + study.trialsFailed;
}
