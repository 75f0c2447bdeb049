import type { RunState } from '../../shared/schema/run.ts';

/** What may be asked of a run in a state. */
export type RunAction = 'pause' | 'resume' | 'cancel';

const ACTIONS: Readonly<Record<RunState, readonly RunAction[]>> = {
  queued: ['cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  crashed: ['resume'],
  finished: [],
  failed: [],
  cancelled: [],
};

/** The actions a run's state allows, in the order of their buttons. */
export function actionsFor(state: RunState): readonly RunAction[] {
  return ACTIONS[state];
}

/** The action of a key on the run screen: P pauses and resumes, C cancels. */
export function actionForKey(key: string, state: RunState): RunAction | null {
  const wanted = { p: ['pause', 'resume'], c: ['cancel'] }[key.toLowerCase()];
  return actionsFor(state).find((action) => wanted?.includes(action)) ?? null;
}
