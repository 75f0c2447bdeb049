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
  /** The epoch that the value tells of; null where it tells of none. */
  epoch = $state.raw<number | null>(null);
  /** The next answer takes over 150 ms. */
  waiting = $state(false);
  error = $state.raw<Error | null>(null);

  #key: string | null = null;
  #read: (() => Promise<T>) | null = null;
  #askedEpoch: number | null = null;
  #turn = 0;
  #pending: Promise<void> = Promise.resolve();

  /** Asks unless the same has been asked already. `key` names the question. */
  ask(key: string, read: () => Promise<T>, epoch: number | null = null): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#read = read;
    this.#askedEpoch = epoch;
    this.#pending = this.#run(read);
  }

  /** Shows an answer that is here already, at once. `read` is for asking again. */
  show(key: string, value: T, read: () => Promise<T>, epoch: number | null = null): void {
    if (key === this.#key && value === this.value) return;
    this.#turn++;
    this.#key = key;
    this.#read = read;
    this.#askedEpoch = epoch;
    this.#set(value, null);
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
      if (turn === this.#turn) this.#set(value, null);
    } catch (thrown) {
      if (turn === this.#turn) this.#fail(asError(thrown));
    } finally {
      clearTimeout(timer);
    }
  }

  #set(value: T, error: Error | null): void {
    this.value = value;
    this.epoch = this.#askedEpoch;
    this.error = error;
    this.waiting = false;
  }

  #fail(error: Error): void {
    this.error = error;
    this.waiting = false;
  }
}
