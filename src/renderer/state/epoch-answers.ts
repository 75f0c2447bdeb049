import { AnswerCache } from './answer-cache.ts';
import type { Latest } from './run-results-loader.svelte.ts';

/** A question that every stored epoch has an answer to. */
export interface EpochQuestion<T> {
  /** Names it, but for the epoch. */
  readonly key: string;
  /** @param epoch null for the weights the run ended with */
  readonly read: (epoch: number | null) => Promise<T>;
}

/** An epoch as it is asked about. */
export interface EpochPlace {
  /** Number on the slider. */
  readonly epoch: number;
  /** As calls take it: null for the weights the run ended with. */
  readonly asked: number | null;
  /** Names it among the answers; the end of a run that was resumed is another. */
  readonly key: string;
}

/** So much is kept of what a run's epochs answered. */
const KEPT_BYTES = 256 * 2 ** 20;
/** Reading ahead leaves room for what is asked for. */
const AHEAD_SHARE = 0.8;

type Watched = Map<Latest<unknown>, EpochQuestion<unknown>>;

/** The open questions about a run, each shown where it is watched, and the answers of all epochs seen so far. */
export class EpochAnswers {
  readonly #cache: AnswerCache;
  readonly #watched: Watched = new Map();
  readonly #failed = new Set<string>();

  constructor(keptBytes = KEPT_BYTES) {
    this.#cache = new AnswerCache(keptBytes);
  }

  /** Keeps `into` at the answer of the epoch looked at, until the returned function is called. */
  watch<T>(into: Latest<T>, question: EpochQuestion<T>): () => void {
    const watched = this.#watched as Map<unknown, unknown>;
    watched.set(into, question);
    return () => {
      if (watched.get(into) === question) watched.delete(into);
    };
  }

  /** Asks what is watched about an epoch; `onlyKept` shows what is here and asks nothing. */
  ask(place: EpochPlace, onlyKept = false): void {
    for (const [into, question] of this.#watched) {
      const key = keyOf(question, place);
      const read = () => this.#cache.get(key, () => question.read(place.asked));
      const kept = this.#cache.peek<unknown>(key);
      if (kept !== null) into.show(key, kept.value, read, place.epoch);
      else if (!onlyKept) into.ask(key, read, place.epoch);
    }
  }

  /** The answer of an epoch to a question, kept like all others. Rejects as its call does. */
  get<T>(question: EpochQuestion<T>, place: EpochPlace): Promise<T> {
    return this.#cache.get(keyOf(question, place), () => question.read(place.asked));
  }

  /** Resolves when everything watched has been answered. */
  settled(): Promise<unknown> {
    return Promise.all([...this.#watched.keys()].map((one) => one.settled()));
  }

  /**
   * Reads one answer that is missing, of the first place that lacks one. Resolves to false when none is missing or
   * enough is kept; an answer that fails is not read ahead again.
   */
  async readAhead(places: readonly EpochPlace[]): Promise<boolean> {
    if (this.#cache.sizeBytes > AHEAD_SHARE * this.#cache.mostBytes) return false;
    const missing = this.#firstMissing(places);
    if (missing === null) return false;
    await this.get(missing.question, missing.place).catch(() =>
      this.#failed.add(keyOf(missing.question, missing.place)),
    );
    return true;
  }

  #firstMissing(
    places: readonly EpochPlace[],
  ): { question: EpochQuestion<unknown>; place: EpochPlace } | null {
    for (const place of places) {
      for (const question of this.#watched.values()) {
        const key = keyOf(question, place);
        if (!this.#cache.has(key) && !this.#failed.has(key)) return { question, place };
      }
    }
    return null;
  }
}

function keyOf(question: EpochQuestion<unknown>, place: EpochPlace): string {
  return `${question.key} @ ${place.key}`;
}

/** The places of a slider, the nearest to `index` first, at most so many. */
export function nearestFirst<T>(places: readonly T[], index: number, most: number): T[] {
  const distance = (at: number) => Math.abs(at - index);
  return places
    .map((place, at) => ({ place, at }))
    .sort((a, b) => distance(a.at) - distance(b.at) || b.at - a.at)
    .slice(0, most)
    .map(({ place }) => place);
}
