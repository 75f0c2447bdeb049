import { readFileSync } from 'node:fs';

/**
 * Says whether a process runs on this machine now and is the one that was heard of at `heardAtMs` (milliseconds since
 * 1970), not another that has got its number since.
 */
export type ProcessProbe = (pid: number, heardAtMs: number) => boolean;

/** Clocks are set, and beats come late: a process that began by less than this after it was heard of may be the same. */
const REUSE_MARGIN_MS = 5_000;
/** Ticks of the times in /proc, the same on every Linux that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;
/** Places after the program's name in /proc/PID/stat, see proc(5). */
const STATE = 0;
const BEGAN = 19;

/**
 * What /proc says of a process, by its fields after the name, which may have any characters in it; null where there is
 * no such process, or no /proc.
 */
function readStat(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Killed, and only not waited for by its parent yet: signals reach it, but it does nothing any more. */
function isZombie(stat: readonly string[]): boolean {
  return stat[STATE] === 'Z' || stat[STATE] === 'X';
}

/**
 * By the process's age, which is this one's and the difference of their beginnings: neither clocks that were set nor what
 * a container says of its machine count.
 */
function beganAfter(stat: readonly string[], heardAtMs: number): boolean {
  const [began, ownBegan] = [Number(stat[BEGAN]), Number(readStat(process.pid)?.[BEGAN])];
  if (!(began > 0 && ownBegan > 0)) return false;
  const ageSeconds = process.uptime() + (ownBegan - began) / TICKS_PER_SECOND;
  return Date.now() - ageSeconds * 1_000 > heardAtMs + REUSE_MARGIN_MS;
}

function isSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Asks the system without touching the process; one that belongs to another user counts as alive. A zombie and another
 * process with the same number are told apart on Linux alone.
 */
export const isProcessAlive: ProcessProbe = (pid, heardAtMs) => {
  if (!isSignalled(pid)) return false;
  const stat = readStat(pid);
  return stat === null || !(isZombie(stat) || beganAfter(stat, heardAtMs));
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
  if (!surroundings.isProcessAlive(owner.pid, owner.heartbeatAtMs)) return true;
  return surroundings.now() - owner.heartbeatAtMs > silentMs;
}
