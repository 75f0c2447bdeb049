import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { StudyProgress, StudySummary } from '../../shared/schema/study.ts';
import { asError } from './run-results-loader.svelte.ts';

/** The studies of the history, newest first, as they are and as they go on. */
export class StudiesList {
  rows = $state.raw<readonly StudySummary[]>([]);
  loaded = $state(false);
  error = $state.raw<Error | null>(null);
  /** Of those that run, by id. */
  progress = $state.raw<ReadonlyMap<string, StudyProgress>>(new Map());
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Listens; returns the function that stops. */
  start(): () => void {
    const stops = [
      this.#client.subscribe('study.changed', (study) => this.#put(study)),
      this.#client.subscribe('study.progress', (progress) => {
        this.progress = new Map(this.progress).set(progress.studyId, progress);
      }),
      this.#client.subscribe('runs.invalidated', () => void this.load()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** What is already known of a study, to show at once. */
  known(studyId: string): StudySummary | null {
    return this.rows.find(({ id }) => id === studyId) ?? null;
  }

  async load(): Promise<void> {
    try {
      this.rows = newestFirst(await this.#client.invoke('studies.list', {}));
      this.loaded = true;
      this.error = null;
    } catch (error) {
      this.error = asError(error);
    }
  }

  /** Takes a study out of the list; {@link restore} undoes it. */
  async delete(studyIds: readonly string[]): Promise<void> {
    await this.#client.invoke('studies.delete', { studyIds: [...studyIds] });
    await this.load();
  }

  async restore(studyIds: readonly string[]): Promise<void> {
    await this.#client.invoke('studies.restore', { studyIds: [...studyIds] });
    await this.load();
  }

  #put(study: StudySummary): void {
    const others = this.rows.filter(({ id }) => id !== study.id);
    this.rows = study.deletedAt === null ? newestFirst([...others, study]) : others;
    if (study.state === 'running') return;
    const progress = new Map(this.progress);
    if (progress.delete(study.id)) this.progress = progress;
  }
}

function newestFirst(studies: readonly StudySummary[]): StudySummary[] {
  return [...studies].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}
