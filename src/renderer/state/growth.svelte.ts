/** Longest wait for an idle moment. */
const PATIENCE_MS = 200;

/**
 * How much of something long is in the page: as much as is seen at once, then a piece more each time the page has nothing
 * else to do. So that the first picture waits for nothing that is not in it, and no piece holds the page up.
 */
export class Growth {
  count = $state(0);
  readonly #step: number;
  readonly #most: number;

  constructor(first: number, step: number, most: number) {
    this.count = first;
    this.#step = step;
    this.#most = most;
  }

  /** Grows from now on; returns the function that stops. */
  start(): () => void {
    let request = 0;
    const grow = () => {
      this.count = Math.min(this.#most, this.count + this.#step);
      next();
    };
    const next = () => {
      if (this.count < this.#most) request = requestIdleCallback(grow, { timeout: PATIENCE_MS });
    };
    // Idle callbacks may come before the first frame.
    const frame = requestAnimationFrame(next);
    return () => {
      cancelAnimationFrame(frame);
      cancelIdleCallback(request);
    };
  }
}
