/** Asks for a function to be called before the next frame; `requestAnimationFrame`, or a double of it. */
type NextFrame = (call: () => void) => unknown;

/** After so long without drawing all that waits is drawn at once: one late frame is not seen, many are. */
const REST_MS = 100;

interface Waiting {
  readonly cost: number;
  readonly draw: () => void;
}

/**
 * Draws the figures of a page over as many frames as they need, so that many of them that change at once, as under a
 * moving brush, do not keep the page from answering. Each is drawn in its turn, as it was last asked to be.
 */
export class DrawQueue {
  readonly #waiting = new Map<object, Waiting>();
  readonly #nextFrame: NextFrame;
  readonly #allowance: number;
  readonly #now: () => number;
  #asked = false;
  #drawnMs = -Infinity;

  /**
   * @param allowance what may be drawn before one frame while frame after frame is drawn, in the unit of the costs; one
   *   figure is, whatever it costs
   * @param now in ms
   */
  constructor(
    allowance: number,
    nextFrame: NextFrame = (call) => requestAnimationFrame(call),
    now: () => number = () => performance.now(),
  ) {
    this.#allowance = allowance;
    this.#nextFrame = nextFrame;
    this.#now = now;
  }

  /** Draws a figure soon; asked again before that, it keeps its turn and is drawn once. */
  ask(figure: object, cost: number, draw: () => void): void {
    this.#waiting.set(figure, { cost, draw });
    this.#request();
  }

  /** Forgets a figure that is gone. */
  drop(figure: object): void {
    this.#waiting.delete(figure);
  }

  #request(): void {
    if (this.#asked || this.#waiting.size === 0) return;
    this.#asked = true;
    this.#nextFrame(() => {
      this.#asked = false;
      this.#drawSome();
      this.#request();
    });
  }

  #drawSome(): void {
    const nowMs = this.#now();
    const allowance = nowMs - this.#drawnMs > REST_MS ? Infinity : this.#allowance;
    this.#drawnMs = nowMs;
    let spent = 0;
    for (const [figure, { cost, draw }] of [...this.#waiting]) {
      if (spent > 0 && spent + cost > allowance) return;
      spent += Math.max(1, cost);
      this.#waiting.delete(figure);
      draw();
    }
  }
}

/** Small points that a laptop draws without a graphics processor in some 3 ms. */
const POINTS_PER_FRAME = 3_000;

/** The window's plots, and what else changes with them; costs are in small points. */
export const plotQueue = new DrawQueue(POINTS_PER_FRAME);
