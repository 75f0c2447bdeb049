import { constants, setPriority } from 'node:os';

/**
 * Lets everything else on the machine go first from here on: screens answer at once while nets train, and training takes
 * what they leave. Call it before the engine is opened: threads have the priority of the one that starts them.
 */
export function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where a process may not change its priority it trains as it is.
  }
}
