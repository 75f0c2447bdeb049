import type { StudyState, StudySummary } from '../../shared/schema/study.ts';

/** What may be asked of a study in a state. */
export type StudyAction = 'pause' | 'resume' | 'cancel';

const ACTIONS: Readonly<Record<StudyState, readonly StudyAction[]>> = {
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  crashed: ['resume'],
  finished: [],
  failed: [],
  cancelled: [],
};

/** The actions a study's state allows, in the order of their buttons. */
export function studyActions(state: StudyState): readonly StudyAction[] {
  return ACTIONS[state];
}

/** May trials be added? */
export function canExtend(state: StudyState): boolean {
  return state === 'finished' || state === 'running' || state === 'paused';
}

/** The action of a key on a study's screen: P pauses and resumes, C cancels. */
export function studyActionForKey(key: string, state: StudyState): StudyAction | null {
  const wanted = { p: ['pause', 'resume'], c: ['cancel'] }[key.toLowerCase()];
  return studyActions(state).find((action) => wanted?.includes(action)) ?? null;
}

/** Does it still work, or will it go on? */
export function isStudyLive(state: StudyState): boolean {
  return state === 'running' || state === 'paused';
}

/** Time spent working so far: of a study that runs for the first time, since it began. */
export function workedMs(
  study: Pick<StudySummary, 'state' | 'durationMs' | 'createdAt'>,
  nowMs: number,
): number {
  const isFirst = study.state === 'running' && study.durationMs === 0;
  return isFirst ? Math.max(0, nowMs - Date.parse(study.createdAt)) : study.durationMs;
}
