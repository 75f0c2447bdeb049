/** Says whether a process runs on this machine now. */
export type ProcessProbe = (pid: number) => boolean;

/** Asks the system without touching the process; one that belongs to another user counts as alive. */
export const isProcessAlive: ProcessProbe = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** A process that has not said for this long that it lives is taken for hung or its number for reused. */
export const SILENT_MS = 30_000;

/** What a store takes from outside, so that tests can turn the clock and end processes. */
export interface StoreSurroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly isProcessAlive: ProcessProbe;
}

/** The real clock and the real processes. */
export const realSurroundings: StoreSurroundings = { now: () => Date.now(), isProcessAlive };

/** Is the owner of a live run gone: dead, or without a heartbeat for longer than `silentMs`? */
export function isOwnerGone(
  owner: { readonly pid: number; readonly heartbeatAtMs: number },
  silentMs: number,
  surroundings: StoreSurroundings,
): boolean {
  if (!surroundings.isProcessAlive(owner.pid)) return true;
  return surroundings.now() - owner.heartbeatAtMs > silentMs;
}
