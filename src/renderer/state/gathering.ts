/** At most so often is what came in shown: the screen must not take the trainers' time. */
const SHOW_MS = 250;

/** Shows what events brought at most four times a second, however many of them come. */
export class Gathering {
  readonly #show: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param show shows all that has come since it was called last */
  constructor(show: () => void) {
    this.#show = show;
  }

  /** Has what came shown soon. */
  ask(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#show();
    }, SHOW_MS);
  }

  /** Shows nothing until it is asked again. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
