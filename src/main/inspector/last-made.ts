/** Keeps what was made last, and makes anew only for another key. */
export class LastMade<T> {
  readonly #giveBack: (value: T) => void;
  #last: { readonly key: string; readonly value: Promise<T> } | null = null;

  /** @param giveBack told of a value that is kept no longer */
  constructor(giveBack: (value: T) => void = () => undefined) {
    this.#giveBack = giveBack;
  }

  /** The value made for `key`, or a new one; what could not be made is tried again the next time. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    if (this.#last?.key === key) return this.#last.value;
    await this.giveBack();
    const value = make();
    this.#last = { key, value };
    value.catch(() => {
      if (this.#last?.value === value) this.#last = null;
    });
    return value;
  }

  /** Gives the value back, if there is one. */
  async giveBack(): Promise<void> {
    const before = this.#last;
    this.#last = null;
    if (before !== null) this.#giveBack(await before.value);
  }
}
