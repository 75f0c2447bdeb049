import type { StateTensor } from '../../engine/engine.ts';

/** A net that waits to train, or to train on. */
export interface WaitingNet {
  /** Place among the nets of its group. */
  readonly place: number;
  /** Epochs it has behind it. */
  readonly epoch: number;
  /** What it has become; null for a net that has not begun. */
  readonly state: readonly StateTensor[] | null;
}

/**
 * Nets in line. Those of the fewest epochs come first, so that nets which were put back at a later epoch wait there for
 * others to join them: a population's nets are all at the same step.
 */
export class CohortQueue {
  readonly #waiting: WaitingNet[];
  readonly #compare: (a: WaitingNet, b: WaitingNet) => number;

  /** @param order of nets at the same epoch */
  constructor(nets: readonly WaitingNet[], order: (a: WaitingNet, b: WaitingNet) => number) {
    this.#compare = (a, b) => a.epoch - b.epoch || order(a, b);
    this.#waiting = nets.toSorted(this.#compare);
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Does a net wait that may be at this epoch later, or is there now? */
  mayJoin(epoch: number): boolean {
    return this.#waiting.some((net) => net.epoch <= epoch);
  }

  /** The next nets, all at one epoch, at most so many; empty where none waits. */
  take(most: number): WaitingNet[] {
    const [first] = this.#waiting;
    if (first === undefined) return [];
    const others = this.#waiting.findIndex(({ epoch }) => epoch !== first.epoch);
    const alike = others === -1 ? this.#waiting.length : others;
    return this.#waiting.splice(0, Math.min(most, alike));
  }

  putBack(nets: readonly WaitingNet[]): void {
    this.#waiting.push(...nets);
    this.#waiting.sort(this.#compare);
  }
}
