import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a program may compute before it lets messages, timers and pauses through. */
const TURN_MS = 8;

/** Returns a function to await between pieces of work: it gives way to the event loop every few milliseconds. */
export function openTurns(): () => Promise<void> {
  let turnEndsMs = performance.now() + TURN_MS;
  return async () => {
    if (performance.now() < turnEndsMs) return;
    await nextTurn();
    turnEndsMs = performance.now() + TURN_MS;
  };
}
