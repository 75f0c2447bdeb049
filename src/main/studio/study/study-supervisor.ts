import { join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { EngineOptions } from '../../../shared/schema/engine.ts';
import type { StudyId, StudyState } from '../../../shared/schema/study.ts';
import { datasetInfo } from '../../data/index.ts';
import { splitCounts } from '../../data/split.ts';
import type { Host } from '../../host/host.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { SILENT_MS } from '../../store/owner.ts';
import type { Publish } from '../surroundings.ts';
import { LiveStudy } from './live-study.ts';

const BEAT_MS = 1_000;

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
  readonly #beat: NodeJS.Timeout;

  constructor(surroundings: StudySupervisorSurroundings) {
    this.#surroundings = surroundings;
    this.#beat = setInterval(() => this.#tellAlive(), BEAT_MS).unref();
  }

  /** Studies whose process is gone become crashed, to be resumed when the user wants it. */
  findCrashed(): void {
    const { store, publish } = this.#surroundings;
    for (const study of store.studies.markCrashed(SILENT_MS)) publish('study.changed', study);
  }

  /** Begins to work on a study that is stored as running. */
  work(id: StudyId, { engine, workers }: StudyResources): void {
    const { store, publish, dataDirectory } = this.#surroundings;
    const live = new LiveStudy(id, {
      ...this.#surroundings,
      engine: { ...engine, threads: Math.max(1, Math.floor((engine.threads ?? workers) / workers)) },
      workers,
      scratchDirectory: join(dataDirectory, 'scratch', id),
      available: this.availableExamples(id),
      onEnd: (state) => this.#settle(id, state),
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
    clearInterval(this.#beat);
    for (const id of [...this.#live.keys()]) this.stop(id, 'paused');
  }

  #settle(id: StudyId, state: StudyState): void {
    const { store, publish } = this.#surroundings;
    const durationMs = this.#live.get(id)?.durationMs;
    this.#live.delete(id);
    const change = durationMs === undefined ? {} : { durationMs };
    publish('study.changed', store.studies.setState(id, state, change));
  }

  #tellAlive(): void {
    if (this.#live.size > 0) this.#surroundings.store.studies.heartbeat([...this.#live.keys()], process.pid);
  }
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
