/** Answers faster than this never show that they were waited for. */
const WAITING_AFTER_MS = 150;

/** Makes any thrown value an error to show. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/**
 * The answer to the last question asked. What is shown stays until the next answer is there; an answer to an earlier
 * question that comes late is dropped.
 */
export class Latest<T> {
  value = $state.raw<T | null>(null);
  /** The next answer takes over 150 ms. */
  waiting = $state(false);
  error = $state.raw<Error | null>(null);

  #key: string | null = null;
  #read: (() => Promise<T>) | null = null;
  #turn = 0;
  #pending: Promise<void> = Promise.resolve();

  /** Asks unless the same has been asked already. `key` names the question. */
  ask(key: string, read: () => Promise<T>): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#read = read;
    this.#pending = this.#run(read);
  }

  /** Asks the last question again, after an error. */
  retry(): void {
    if (this.#read !== null) this.#pending = this.#run(this.#read);
  }

  /** Resolves when nothing is being asked any more, whatever came of it. */
  async settled(): Promise<void> {
    let seen: Promise<void> | null = null;
    while (seen !== this.#pending) {
      seen = this.#pending;
      await seen;
    }
  }

  async #run(read: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    const timer = setTimeout(() => {
      if (turn === this.#turn) this.waiting = true;
    }, WAITING_AFTER_MS);
    try {
      const value = await read();
      if (turn === this.#turn) this.#show(value, null);
    } catch (thrown) {
      if (turn === this.#turn) this.#show(this.value, asError(thrown));
    } finally {
      clearTimeout(timer);
    }
  }

  #show(value: T | null, error: Error | null): void {
    this.value = value;
    this.error = error;
    this.waiting = false;
  }
}

/** Keeps the answers used last, so that a slider moved back finds them at once. Failures are not kept. */
export class AnswerCache {
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The kept answer to `key`, or what `read` gives. The same key must always be read as the same type. */
  get<T>(key: string, read: () => Promise<T>): Promise<T> {
    const kept = this.#answers.get(key) as Promise<T> | undefined;
    const answer = kept ?? read();
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (kept === undefined) this.#forgetOldest();
    answer.catch(() => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key);
    });
    return answer;
  }

  #forgetOldest(): void {
    if (this.#answers.size <= this.#most) return;
    const oldest = this.#answers.keys().next().value;
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}
