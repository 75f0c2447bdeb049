import { createHash, type Hash } from 'node:crypto';
import type { ExampleSet } from './loaded-dataset.ts';

type NumericArray = Uint8Array | Int32Array | Float32Array;

/** Adds the array's type, length and bytes (little-endian on every platform the studio runs on), without a copy. */
function updateWithArray(hash: Hash, values: NumericArray): void {
  hash.update(`${values.constructor.name}:${values.length};`);
  hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/**
 * A fingerprint that is taken while the examples are read: of each part its shape and bytes, chunk by chunk, then its
 * targets. The same as {@link fingerprintExamples} of the parts.
 */
export class GrowingFingerprint {
  readonly #hash = createHash('sha256');

  /** Begins a part of 8-bit features. @param shape [examples, ...] */
  beginBytes(shape: readonly number[]): void {
    const length = shape.reduce((product, side) => product * side, 1);
    this.#hash.update(`${shape.join('x')};Uint8Array:${length};`);
  }

  /** The next of the part's bytes. */
  addBytes(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** The part's targets, after all its bytes. */
  addTargets(targets: ExampleSet['targets']): void {
    for (const target of targets) updateWithArray(this.#hash, target);
  }

  /** Hexadecimal; ends it. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** sha256 over shapes, features and targets of several parts, as hexadecimal. Blocks for about 1 ms per megabyte. */
export function fingerprintExamples(parts: readonly ExampleSet[]): string {
  const hash = createHash('sha256');
  for (const { features, targets } of parts) {
    hash.update(`${features.shape.join('x')};`);
    updateWithArray(hash, features.values);
    for (const target of targets) updateWithArray(hash, target);
  }
  return hash.digest('hex');
}

/** sha256 over lists of row numbers, as hexadecimal; the lists' lengths count too. */
export function fingerprintIndices(lists: readonly Int32Array[]): string {
  const hash = createHash('sha256');
  for (const list of lists) updateWithArray(hash, list);
  return hash.digest('hex');
}
