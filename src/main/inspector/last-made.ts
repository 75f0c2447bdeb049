/** Keeps what was made last, and makes anew only for another key. */
export class LastMade<T> {
  readonly #give: (value: T) => void;
  #last: { readonly key: string; readonly value: Promise<T> } | null = null;

  /** @param giveBack told of a value that another takes the place of */
  constructor(giveBack: (value: T) => void = () => undefined) {
    this.#give = giveBack;
  }

  /** The value made for `key`, or a new one; what could not be made is tried again the next time. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    if (this.#last?.key === key) return this.#last.value;
    const before = this.#last;
    this.#last = null;
    if (before !== null) this.#give(await before.value);
    const value = make();
    this.#last = { key, value };
    value.catch(() => (this.#last = null));
    return value;
  }
}
