import type { OpenStore } from '../store/open-store.ts';
import { SILENT_MS } from '../store/owner.ts';
import type { NoticeBoard } from './notice-board.ts';
import { crashNotice } from './run-notices.ts';
import type { RunSupervisor } from './run-supervisor.ts';
import type { Publish } from './surroundings.ts';

const BEAT_MS = 1_000;
/** Beats between two looks for abandoned runs. */
const BEATS_PER_LOOK = 5;

interface WatchSurroundings {
  readonly store: OpenStore;
  readonly supervisor: RunSupervisor;
  readonly notices: NoticeBoard;
  readonly publish: Publish;
}

/** Runs whose owner is gone become crashed, and their resumption is offered. */
export function findCrashedRuns({ store, notices, publish }: WatchSurroundings): void {
  for (const run of store.runs.markCrashed(SILENT_MS)) {
    publish('run.changed', run);
    notices.post(crashNotice(run, 'The process that trained it ended.'));
  }
}

/**
 * Once a second: says that this process lives, looks whether another one wrote, and every few seconds for abandoned
 * runs. Returns the function that stops it. A beat that fails (a full disk, a held lock) is made up for by the next.
 */
export function watchHistory(surroundings: WatchSurroundings): () => void {
  const { store, supervisor, publish } = surroundings;
  let version = store.runs.dataVersion();
  let beats = 0;
  let lastFault = '';
  const beat = (): void => {
    supervisor.settleLost();
    store.runs.heartbeat(supervisor.ownedIds(), process.pid);
    const newVersion = store.runs.dataVersion();
    if (newVersion !== version) publish('runs.invalidated', {});
    version = newVersion;
    if (++beats % BEATS_PER_LOOK === 0) findCrashedRuns(surroundings);
  };
  const timer = setInterval(() => {
    try {
      beat();
      lastFault = '';
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== lastFault) process.stderr.write(`${fault}\n`);
      lastFault = fault;
    }
  }, BEAT_MS);
  return () => clearInterval(timer);
}
