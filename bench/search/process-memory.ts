import { readdirSync, readFileSync } from 'node:fs';

const POLL_MS = 200;

interface ProcessMemory {
  readonly parent: number;
  readonly residentBytes: number;
}

/** Parent and resident memory from Linux's /proc; null for a process that is gone, and where there is no /proc. */
function readProcess(pid: number): ProcessMemory | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? '0';
    return { parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), residentBytes: 1_024 * Number(kilobytes) };
  } catch {
    return null;
  }
}

function readProcesses(): Map<number, ProcessMemory> {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const found = pids.flatMap((pid) => {
      const memory = readProcess(Number(pid));
      return memory === null ? [] : [[Number(pid), memory] as const];
    });
    return new Map(found);
  } catch {
    return new Map();
  }
}

/** Resident memory of all processes below `ancestor`, itself not counted. */
export function sumDescendants(ancestor: number, processes: ReadonlyMap<number, ProcessMemory>): number {
  const isBelow = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent;
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  return [...processes].reduce(
    (sum, [pid, { residentBytes }]) => sum + (isBelow(pid) ? residentBytes : 0),
    0,
  );
}

/**
 * Samples how much resident memory the processes below this one have together, those of whatever it has started. What
 * they share, such as a library, is counted for each of them.
 */
export class MemoryWatch {
  #peakBytes = 0;
  readonly #timer = setInterval(() => {
    this.#peakBytes = Math.max(this.#peakBytes, sumDescendants(process.pid, readProcesses()));
  }, POLL_MS);

  /** The most that was seen; null where the platform does not tell. */
  stop(): number | null {
    clearInterval(this.#timer);
    return this.#peakBytes === 0 ? null : this.#peakBytes;
  }
}
