/** The nets of a batch that need not go on, by key. */
export class UnwantedNets {
  readonly #keys = new Set<string>();
  readonly #stops = new Map<string, () => void>();

  add(keys: Iterable<string>): void {
    for (const key of keys) {
      this.#keys.add(key);
      this.#stops.get(key)?.();
    }
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /**
   * Has `stop` called as soon as a net is not wanted any more, at once where it is not.
   * @returns ends that
   */
  watch(key: string, stop: () => void): () => void {
    this.#stops.set(key, stop);
    if (this.#keys.has(key)) stop();
    return () => void this.#stops.delete(key);
  }

  /** Forgets the keys, for the next batch. */
  clear(): void {
    this.#keys.clear();
  }
}
