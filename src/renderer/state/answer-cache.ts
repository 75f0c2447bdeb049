/** One answer, or one on its way. */
interface Kept {
  readonly answer: Promise<unknown>;
  value: unknown;
  arrived: boolean;
  sizeBytes: number;
}

/** What an object costs besides its numbers, about. */
const OBJECT_BYTES = 32;

/** About how much memory a value of the contract (numbers, text, arrays, plain objects) takes. */
export function sizeInBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength + OBJECT_BYTES;
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let total = OBJECT_BYTES;
  for (const part of Object.values(value)) total += sizeInBytes(part);
  return total;
}

/** Keeps the answers used last up to a size, so that a slider moved back finds them at once. Failures are not kept. */
export class AnswerCache {
  readonly mostBytes: number;
  readonly #kept = new Map<string, Kept>();
  #sizeBytes = 0;

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  /** Of the answers that have arrived. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Is the answer here or on its way? */
  has(key: string): boolean {
    return this.#kept.has(key);
  }

  /** An answer that has arrived; null for none. The same key must always be read as the same type. */
  peek<T>(key: string): { readonly value: T } | null {
    const kept = this.#kept.get(key);
    if (kept?.arrived !== true) return null;
    this.#touch(key, kept);
    return { value: kept.value as T };
  }

  /** The kept answer to `key`, or what `read` gives; rejects as it does. */
  get<T>(key: string, read: () => Promise<T>): Promise<T> {
    const found = this.#kept.get(key);
    const kept = found ?? { answer: read(), value: null, arrived: false, sizeBytes: 0 };
    this.#touch(key, kept);
    if (found === undefined) this.#await(key, kept);
    return kept.answer as Promise<T>;
  }

  #await(key: string, kept: Kept): void {
    kept.answer.then(
      (value) => {
        kept.value = value;
        kept.arrived = true;
        kept.sizeBytes = sizeInBytes(value);
        this.#sizeBytes += kept.sizeBytes;
        this.#forgetOldest();
      },
      () => this.#kept.delete(key),
    );
  }

  #touch(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
  }

  #forgetOldest(): void {
    for (const [key, kept] of this.#kept) {
      if (this.#sizeBytes <= this.mostBytes) return;
      if (!kept.arrived) continue;
      this.#kept.delete(key);
      this.#sizeBytes -= kept.sizeBytes;
    }
  }
}
