import { StudioError } from '../../shared/ipc/errors.ts';
import type { RunId, RunState } from '../../shared/schema/run.ts';

/** The states a run may go to from each state. */
const nextStates: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'failed', 'cancelled', 'crashed'],
  running: ['paused', 'finished', 'failed', 'cancelled', 'crashed'],
  paused: ['queued', 'running', 'finished', 'failed', 'cancelled', 'crashed'],
  crashed: ['running', 'queued'],
  finished: [],
  failed: [],
  cancelled: [],
};

/** Some process answers for a run in such a state. */
export const liveStates: readonly RunState[] = ['queued', 'running', 'paused'];

/** A run in such a state ends with the process that answers for it; a paused one waits on the disk. */
export const perishableStates: readonly RunState[] = ['queued', 'running'];

/** A run in such a state changes no more. */
export const finalStates: readonly RunState[] = ['finished', 'failed', 'cancelled'];

/** @throws StudioError 'conflict' when a run must not go from one state to the other. */
export function checkStateChange(id: RunId, from: RunState, to: RunState): void {
  const allowed = nextStates[from];
  if (allowed.includes(to)) return;
  const expected =
    allowed.length === 0 ? `${from} is final` : `from ${from} it can become ${allowed.join(', ')}`;
  throw new StudioError('conflict', `Run ${id}: cannot become ${to} while ${from}; ${expected}.`, {
    from,
    to,
  });
}

/** @throws StudioError 'conflict' when a run is final and `what` would still change it. */
export function checkNotFinal(id: RunId, state: RunState, what: string): void {
  if (!finalStates.includes(state)) return;
  throw new StudioError(
    'conflict',
    `Run ${id}: takes no ${what} since it is ${state}; only its name, tags and notes can still change.`,
    { state },
  );
}

/** @throws StudioError 'conflict' for a run that has not ended. */
export function checkEnded(id: RunId, state: RunState): void {
  if (finalStates.includes(state)) return;
  throw new StudioError(
    'conflict',
    `Run ${id}: is ${state} and cannot be carried over; let it finish, or cancel it.`,
    { state },
  );
}

/** @throws StudioError 'conflict' unless `epoch` is the one that follows the `epochsDone` stored ones. */
export function checkNextEpoch(id: RunId, epochsDone: number, epoch: number): void {
  if (epoch === epochsDone + 1) return;
  const found = epoch <= epochsDone ? 'is stored already' : 'leaves a gap';
  throw new StudioError(
    'conflict',
    `Run ${id}: epoch ${epoch} ${found}; epoch ${epochsDone + 1} comes next.`,
    {
      epoch,
      expected: epochsDone + 1,
    },
  );
}

/** @throws StudioError 'conflict' when a live run is asked to be deleted. */
export function checkDeletable(id: RunId, state: RunState): void {
  if (!liveStates.includes(state)) return;
  throw new StudioError('conflict', `Run ${id}: is ${state} and cannot be deleted; cancel it first.`, {
    state,
  });
}

/** The error for an id that names no run. */
export function unknownRun(id: RunId): StudioError {
  return new StudioError('not-found', `History: there is no run ${id}; it may have been purged.`, {
    runId: id,
  });
}
