import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError, toWireError } from '../../../shared/ipc/errors.ts';
import type { EngineOptions } from '../../../shared/schema/engine.ts';
import type { RunFailure } from '../../../shared/schema/run.ts';
import type { StudyId, StudyState } from '../../../shared/schema/study.ts';
import { datasetInfo } from '../../data/index.ts';
import { splitCounts } from '../../data/split.ts';
import type { Host } from '../../host/host.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { SILENT_MS } from '../../store/owner.ts';
import type { Publish } from '../surroundings.ts';
import { LiveStudy } from './live-study.ts';

const BEAT_MS = 1_000;
/** Beats between two looks for studies whose process is gone. */
const BEATS_PER_LOOK = 5;

export interface StudySupervisorSurroundings {
  readonly store: OpenStore;
  readonly host: Host;
  readonly publish: Publish;
  readonly cacheDirectory: string;
  readonly datasetDirectory: string;
  readonly dataDirectory: string;
}

/** How a study is to be worked on. */
export interface StudyResources {
  readonly engine: EngineOptions;
  readonly workers: number;
}

/** Answers for the studies that this studio process works on. */
export class StudySupervisor {
  readonly #surroundings: StudySupervisorSurroundings;
  readonly #live = new Map<StudyId, LiveStudy>();
  /** Studies whose work failed and whose end is not stored yet: what failed may be that nothing can be written. */
  readonly #lost = new Map<StudyId, RunFailure>();
  readonly #timer: NodeJS.Timeout;
  #beats = 0;
  #lastFault = '';

  constructor(surroundings: StudySupervisorSurroundings) {
    this.#surroundings = surroundings;
    this.#timer = setInterval(() => this.#beat(), BEAT_MS).unref();
  }

  /** Studies whose process is gone become crashed, to be resumed when the user wants it. */
  findCrashed(): void {
    const { store, publish } = this.#surroundings;
    // Its own beat may be late.
    this.#tellAlive();
    for (const study of store.studies.markCrashed(SILENT_MS)) publish('study.changed', study);
  }

  /** Begins to work on a study that is stored as running. */
  work(id: StudyId, { engine, workers }: StudyResources): void {
    const { store, publish, dataDirectory } = this.#surroundings;
    const scratch = join(dataDirectory, 'scratch');
    removeLeftovers(scratch, id);
    const live = new LiveStudy(id, {
      ...this.#surroundings,
      engine: { ...engine, threads: Math.max(1, Math.floor((engine.threads ?? workers) / workers)) },
      workers,
      scratchDirectory: join(scratch, `${id}-${process.pid}`),
      available: this.availableExamples(id),
      onEnd: (state) => this.#settle(id, state),
      onFault: (error) => this.#lose(id, toWireError(error)),
    });
    this.#live.set(id, live);
    publish('study.changed', store.studies.getSummary(id));
    live.work();
  }

  /** Examples of a study's dataset that are not of the test part. */
  availableExamples(id: StudyId): number {
    const { data } = this.#surroundings.store.studies.getDetail(id).experiment;
    const info = datasetInfo(data, this.#surroundings.datasetDirectory);
    const { train, dev } = splitCounts({ ...data.split, fold: undefined }, info);
    return train + dev;
  }

  /** Stops the work at once and stores the state; what had not ended is trained again on resume. */
  stop(id: StudyId, state: 'paused' | 'cancelled'): void {
    const live = this.#live.get(id);
    live?.stop();
    this.#settle(id, state);
  }

  extend(id: StudyId, trials: number): boolean {
    const live = this.#live.get(id);
    live?.extend(trials);
    return live !== undefined;
  }

  isLive(id: StudyId): boolean {
    return this.#live.has(id);
  }

  /** The studio ends: studies stay as they are stored, paused. */
  close(): void {
    clearInterval(this.#timer);
    for (const id of [...this.#live.keys()]) this.stop(id, 'paused');
  }

  #settle(id: StudyId, state: StudyState): void {
    const { store, publish } = this.#surroundings;
    const durationMs = this.#live.get(id)?.durationMs;
    this.#live.delete(id);
    const change = durationMs === undefined ? {} : { durationMs };
    publish('study.changed', store.studies.setState(id, state, change));
  }

  /** The work on a study cannot go on here; it can be resumed. */
  #lose(id: StudyId, failure: RunFailure): void {
    this.#lost.set(id, failure);
    try {
      this.#settleLost();
    } catch {
      // Tried again with every beat.
    }
  }

  #settleLost(): void {
    const { store, publish } = this.#surroundings;
    for (const [id, failure] of this.#lost) {
      if (store.studies.isOwnedBy(id, process.pid)) {
        const durationMs = this.#live.get(id)?.durationMs;
        publish('study.changed', store.studies.setState(id, 'crashed', { failure, durationMs }));
      }
      this.#lost.delete(id);
      this.#live.delete(id);
    }
  }

  /** One that fails (a full disk, a held lock) is made up for by the next. */
  #beat(): void {
    try {
      this.#settleLost();
      this.#tellAlive();
      if (++this.#beats % BEATS_PER_LOOK === 0) this.findCrashed();
      this.#lastFault = '';
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.#lastFault) process.stderr.write(`${fault}\n`);
      this.#lastFault = fault;
    }
  }

  /** Says that this process lives and how long it has worked; drops what another one has taken over. */
  #tellAlive(): void {
    const live = [...this.#live].map(([id, { durationMs }]) => ({ id, durationMs }));
    const { store, publish } = this.#surroundings;
    for (const id of store.studies.heartbeat(live, process.pid)) {
      this.#live.get(id)?.stop();
      this.#live.delete(id);
      publish('study.changed', store.studies.getSummary(id));
    }
  }
}

/** Removes what killed processes had put aside for a study. */
function removeLeftovers(scratch: string, id: StudyId): void {
  if (!existsSync(scratch)) return;
  const left = readdirSync(scratch).filter((name) => name === id || name.startsWith(`${id}-`));
  for (const name of left) rmSync(join(scratch, name), { recursive: true, force: true });
}

/** @throws StudioError `invalid-input` for an experiment that searches nothing */
export function requireSearch<T>(search: T | null, name: string): T {
  if (search !== null) return search;
  throw new StudioError(
    'invalid-input',
    `search: ${name} has no search; add one to the experiment (parameters and a sampler)`,
    { path: 'search' },
  );
}
