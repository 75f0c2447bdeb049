/** Answers kept at a time. */
const KEPT = 12;

/** The answers given last, so that asking again costs nothing. */
export class RecentAnswers<T> {
  readonly #answers = new Map<string, T>();
  #age = 0;

  /** The answer under a key, made where it is not there. What fails is not kept. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const age = this.#age;
    const answer = await make();
    // What it was made from may have been replaced meanwhile.
    if (age === this.#age) this.#keep(key, answer);
    return answer;
  }

  clear(): void {
    this.#age++;
    this.#answers.clear();
  }

  #keep(key: string, answer: T): void {
    this.#answers.set(key, answer);
    for (const old of [...this.#answers.keys()].slice(0, -KEPT)) this.#answers.delete(old);
  }
}
