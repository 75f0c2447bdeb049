import type { z } from 'zod';
import type { RunId } from '../../shared/schema/run.ts';
import type { OpenStore } from '../store/open-store.ts';
import { ResultFiles } from './result-files.ts';
import { ResultMemory } from './result-memory.ts';

/** Results of finished epochs, computed once: held in memory, kept in files, and asked for once at a time. */
export class ResultCache {
  readonly #store: OpenStore;
  readonly #files: ResultFiles;
  readonly #memory = new ResultMemory();
  readonly #pending = new Map<string, Promise<unknown>>();

  constructor(store: OpenStore) {
    this.#store = store;
    this.#files = new ResultFiles(store.artifacts);
  }

  /**
   * The result of that name of a run, computed where it is not known. A result that cannot be stored (full disk) is
   * still returned.
   * @param name says all that it depends on besides the run, e.g. "results-000003-test"
   */
  async get<S extends z.ZodType>(
    runId: RunId,
    name: string,
    schema: S,
    compute: () => Promise<z.output<S>>,
  ): Promise<z.output<S>> {
    const key = `${runId}/${name}`;
    const held = this.#memory.get(key) ?? this.#pending.get(key);
    // What was put under a key has been through the schema of that key.
    if (held !== undefined) return held as z.output<S> | Promise<z.output<S>>;
    const pending = this.#readOrCompute(runId, name, schema, compute);
    this.#pending.set(key, pending);
    try {
      const value = await pending;
      this.#memory.put(key, value);
      return value;
    } finally {
      this.#pending.delete(key);
    }
  }

  async #readOrCompute<S extends z.ZodType>(
    runId: RunId,
    name: string,
    schema: S,
    compute: () => Promise<z.output<S>>,
  ): Promise<z.output<S>> {
    const stored = await this.#files.read(runId, name, schema);
    if (stored !== null) return stored;
    const value = await compute();
    await this.#keep(runId, name, value);
    return value;
  }

  async #keep(runId: RunId, name: string, value: unknown): Promise<void> {
    try {
      // Refused for a run that was purged meanwhile, whose folder must not come back.
      this.#store.runs.getSummary(runId);
      await this.#files.write(runId, name, value);
    } catch {
      // It is in memory, and can be computed again.
    }
  }
}
