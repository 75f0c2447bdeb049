import { StudioError } from '../../shared/ipc/errors.ts';
import type { EngineOptions } from '../../shared/schema/engine.ts';
import type { RunFailure, RunId, RunSummary } from '../../shared/schema/run.ts';
import type { Host } from '../host/host.ts';
import type { OpenStore } from '../store/open-store.ts';
import { SILENT_MS } from '../store/owner.ts';
import { liveStates } from '../store/run-state.ts';
import type { TrainingJob } from '../training/events.ts';
import { LiveRun, type LiveRunListener, type RunEnd } from './live-run.ts';
import type { NoticeBoard } from './notice-board.ts';
import { crashNotice, crashNoticeId } from './run-notices.ts';
import type { Publish } from './surroundings.ts';
import { newJob, resumeJob } from './training-jobs.ts';

/** Two trainings at once would take each other's cores and both be slower. */
const MOST_TRAINING = 1;

export interface SupervisorSurroundings {
  readonly store: OpenStore;
  readonly host: Host;
  readonly cacheDirectory: string;
  readonly datasetDirectory: string;
  readonly publish: Publish;
  readonly notices: NoticeBoard;
  readonly keepsAllCheckpoints: () => boolean;
}

/** A run that waits for its turn, and the way to make its job when it comes. */
interface WaitingRun {
  readonly id: RunId;
  readonly makeJob: () => TrainingJob;
}

/**
 * Answers for the runs this studio process owns: starts their trainers one after another, and settles what is left
 * when one dies. A paused run keeps its trainer but gives its turn to the next.
 */
export class RunSupervisor {
  readonly #surroundings: SupervisorSurroundings;
  readonly #live = new Map<RunId, LiveRun>();
  readonly #training = new Set<RunId>();
  #waiting: WaitingRun[] = [];
  /** Runs that ended with their trainer and are not yet stored as crashed, with the failure that ended them. */
  readonly #lost = new Map<RunId, RunFailure | undefined>();
  #closing = false;

  constructor(surroundings: SupervisorSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Stores what a full disk kept from being stored when a run crashed. @throws StudioError while it still does */
  settleLost(): void {
    for (const [id, failure] of this.#lost) {
      const { state } = this.#surroundings.store.runs.getSummary(id);
      if (liveStates.includes(state)) this.#surroundings.store.runs.setState(id, 'crashed', { failure });
      this.#lost.delete(id);
    }
  }

  /** Runs that this process answers for, waiting ones included. */
  ownedIds(): RunId[] {
    return [...this.#live.keys(), ...this.#waiting.map((run) => run.id)];
  }

  /** Trains a run that the store has as queued, at once or when its turn comes. */
  start(id: RunId, engine: EngineOptions): void {
    this.#enqueue({ id, makeJob: () => newJob(this.#surroundings, id, engine) });
  }

  /** @throws StudioError 'conflict' unless the run trains in this process */
  pause(id: RunId): void {
    this.#liveRun(id, 'pause').send({ kind: 'pause' });
  }

  /**
   * Continues a paused run, or from its last checkpoint a crashed one or one whose process ended while it was paused.
   * @throws StudioError 'conflict' for a run in another state or of another process
   */
  resume(id: RunId, fallback: EngineOptions): void {
    this.settleLost();
    const { state } = this.#surroundings.store.runs.getSummary(id);
    if (state !== 'crashed' && !this.#isPausedAlone(id)) {
      this.#liveRun(id, 'resume').send({ kind: 'resume' });
      return;
    }
    const job = resumeJob(this.#surroundings, id, fallback);
    this.#surroundings.store.artifacts.removeHalfWritten(id);
    this.#announce(this.#surroundings.store.runs.setState(id, 'queued', { ownerPid: process.pid }));
    this.#surroundings.notices.dismiss(crashNoticeId(id));
    this.#enqueue({ id, makeJob: () => job });
  }

  /** Ends a run for good. A waiting one is cancelled at once, a training one between two calls of its program. */
  cancel(id: RunId): void {
    const isWaiting = this.#waiting.some((run) => run.id === id);
    if (!isWaiting && !this.#isPausedAlone(id)) {
      this.#liveRun(id, 'cancel').send({ kind: 'cancel' });
      return;
    }
    this.#waiting = this.#waiting.filter((run) => run.id !== id);
    this.#announce(this.#surroundings.store.runs.setState(id, 'cancelled'));
  }

  /** Was the run paused by a process that has ended since, so that no trainer waits for its resumption? */
  #isPausedAlone(id: RunId): boolean {
    const { runs } = this.#surroundings.store;
    return runs.getSummary(id).state === 'paused' && !this.#live.has(id) && runs.isAbandoned(id, SILENT_MS);
  }

  /**
   * Asks all training runs to pause, and resolves when they have or after `patienceMs`; then ends the trainers.
   * Nothing starts any more. What could pause stays paused for the next process; the rest has crashed for it, and resumes.
   */
  async close(patienceMs: number): Promise<void> {
    this.#closing = true;
    const giveUpAtMs = Date.now() + patienceMs;
    for (const run of this.#live.values()) run.send({ kind: 'pause' });
    while (this.#training.size > 0 && Date.now() < giveUpAtMs) await sleep(20);
    for (const run of this.#live.values()) run.kill();
  }

  #enqueue(run: WaitingRun): void {
    this.#waiting.push(run);
    this.#launchNext();
  }

  #launchNext(): void {
    while (!this.#closing && this.#training.size < MOST_TRAINING) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#launch(next);
    }
  }

  #launch({ id, makeJob }: WaitingRun): void {
    const { store, host } = this.#surroundings;
    try {
      const job = makeJob();
      const summary = store.runs.setState(id, 'running', { ownerPid: process.pid });
      this.#training.add(id);
      const trainer = host.launch('trainer', {});
      this.#live.set(id, new LiveRun(job, trainer, this.#surroundings, this.#listenTo(id)));
      this.#announce(summary);
    } catch (error) {
      this.#onEnd(id, { kind: 'lost', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #listenTo(id: RunId): LiveRunListener {
    return {
      onTraining: (isTraining) => {
        if (isTraining) this.#training.add(id);
        else this.#training.delete(id);
        this.#launchNext();
      },
      onEnd: (end) => this.#onEnd(id, end),
    };
  }

  #onEnd(id: RunId, end: RunEnd): void {
    this.#live.delete(id);
    this.#training.delete(id);
    if (end.kind === 'lost' && !this.#closing) this.#markCrashed(id, end.reason, end.failure);
    this.#launchNext();
  }

  /** Tells the doors at once, and the store when it can: what ended the run may be that the store cannot write. */
  #markCrashed(id: RunId, reason: string, failure?: RunFailure): void {
    const { store, notices } = this.#surroundings;
    const summary: RunSummary = { ...store.runs.getSummary(id), state: 'crashed', failure: failure ?? null };
    this.#lost.set(id, failure);
    try {
      this.settleLost();
    } catch {
      // Tried again with every heartbeat.
    }
    this.#announce(summary);
    notices.post(crashNotice(summary, reason));
  }

  #announce(summary: RunSummary): void {
    this.#surroundings.publish('run.changed', summary);
  }

  #liveRun(id: RunId, what: string): LiveRun {
    const run = this.#live.get(id);
    if (run !== undefined) return run;
    const { state } = this.#surroundings.store.runs.getSummary(id);
    if (liveStates.includes(state) && !this.ownedIds().includes(id)) {
      throw new StudioError(
        'conflict',
        `Run ${id}: belongs to another window or command of Epoch Studio; ${what} it there.`,
        { runId: id },
      );
    }
    throw cannot(id, `be ${what === 'cancel' ? 'cancelled' : `${what}d`}`, state);
  }
}

function cannot(id: RunId, what: string, state: string): StudioError {
  return new StudioError('conflict', `Run ${id}: cannot ${what} since it is ${state}.`, { runId: id, state });
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
