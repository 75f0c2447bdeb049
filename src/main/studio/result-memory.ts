import { estimateBytes } from '../../shared/ipc/event-size.ts';

/** Results held for going back and forth over epochs; the whole test part of MNIST is 160 KB an epoch. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Held {
  readonly value: unknown;
  readonly sizeBytes: number;
}

/** The results asked for last, up to a size; the one used longest ago goes first. */
export class ResultMemory {
  readonly #mostBytes: number;
  /** A map keeps the order in which its keys were set. */
  readonly #held = new Map<string, Held>();
  #sizeBytes = 0;

  constructor(mostBytes: number = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** What was put under the key, or undefined. */
  get(key: string): unknown {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.value;
  }

  put(key: string, value: unknown): void {
    this.#forget(key);
    const sizeBytes = estimateBytes(value);
    this.#held.set(key, { value, sizeBytes });
    this.#sizeBytes += sizeBytes;
    for (const oldest of this.#held.keys()) {
      if (this.#sizeBytes <= this.#mostBytes) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    this.#sizeBytes -= held.sizeBytes;
  }
}
