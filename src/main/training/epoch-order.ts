import { openStream } from '../../shared/random/stream.ts';

/** The order in which an epoch visits the training rows: a function of seed and epoch (counted from 1) alone. */
export function epochOrder(trainRows: Int32Array, seed: number, epoch: number): Int32Array {
  return openStream(seed, 'shuffle', epoch).shuffle(trainRows.slice());
}

/** Epoch orders, the next one made ahead while the engine computes. */
export class EpochOrders {
  readonly #trainRows: Int32Array;
  readonly #seed: number;
  #ready: { readonly epoch: number; readonly order: Int32Array } | null = null;

  constructor(trainRows: Int32Array, seed: number) {
    this.#trainRows = trainRows;
    this.#seed = seed;
  }

  /** Makes an epoch's order unless it is ready. */
  prepare(epoch: number): void {
    if (this.#ready?.epoch === epoch) return;
    this.#ready = { epoch, order: epochOrder(this.#trainRows, this.#seed, epoch) };
  }

  /** An epoch's order; borrowed, not to be changed. */
  take(epoch: number): Int32Array {
    this.prepare(epoch);
    return this.#ready!.order;
  }
}
