import type { Contract } from '../../../shared/ipc/contract.ts';
import type { EventPayload } from '../../../shared/ipc/derive.ts';
import { estimateBytes, maxEventBytes } from '../../../shared/ipc/event-size.ts';
import type { StudyId, TrialSummary } from '../../../shared/schema/study.ts';

type TrialsEvent = EventPayload<Contract, 'study.trials'>;

/**
 * The events that tell of trials, in their order: as many as it takes for each to stay within what an event may be. A
 * trial that is too large by itself has one of its own, which the port refuses and reports.
 */
export function* trialEvents(studyId: StudyId, trials: readonly TrialSummary[]): Generator<TrialsEvent> {
  const emptyBytes = estimateBytes({ studyId, trials: [] });
  let part: TrialSummary[] = [];
  let partBytes = emptyBytes;
  for (const trial of trials) {
    const trialBytes = estimateBytes(trial);
    if (part.length > 0 && partBytes + trialBytes > maxEventBytes) {
      yield { studyId, trials: part };
      [part, partBytes] = [[], emptyBytes];
    }
    part.push(trial);
    partBytes += trialBytes;
  }
  if (part.length > 0) yield { studyId, trials: part };
}
