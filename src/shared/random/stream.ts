import { philox, type PhiloxKey } from './philox.ts';

/** The named streams of the studio. Each draws independently of how much the others have drawn. */
export type StreamName =
  'init' | 'shuffle' | 'dropout' | 'augmentation' | 'split' | 'search' | 'generator' | 'explore' | 'inspect';

/** FNV-1a over the UTF-8 bytes of a text, as an unsigned 32-bit number. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

/**
 * The key of a stream of a run: a function of the run's seed, the stream's name and a label within it
 * (a layer's name, an epoch's number), so that adding a layer leaves the other layers' numbers alone.
 */
export function streamKey(seed: number, stream: StreamName, label: string | number = ''): PhiloxKey {
  const words = new Uint32Array(4);
  philox([seed >>> 0, hashText(stream)], [hashText(String(label)), String(label).length, 0, 0], words, 0);
  return [words[0] ?? 0, words[1] ?? 0];
}

/**
 * Draws numbers one after the other from one stream. Its whole state is the key and how many words were drawn.
 */
export class RandomStream {
  readonly #key: PhiloxKey;
  readonly #block = new Uint32Array(4);
  #drawn: number;

  /** @param drawn words already taken, to continue a stream */
  constructor(key: PhiloxKey, drawn = 0) {
    this.#key = key;
    this.#drawn = drawn;
    if (drawn % 4 !== 0) this.#fill();
  }

  #fill(): void {
    const group = Math.floor(this.#drawn / 4);
    philox(this.#key, [group >>> 0, Math.floor(group / 0x1_0000_0000), 0, 0], this.#block, 0);
  }

  /** Words taken so far. */
  get drawn(): number {
    return this.#drawn;
  }

  /** The next unsigned 32-bit word. */
  nextWord(): number {
    if (this.#drawn % 4 === 0) this.#fill();
    const word = this.#block[this.#drawn % 4] ?? 0;
    this.#drawn++;
    return word;
  }

  /** Uniform in [0, 1), with 32 random bits. */
  nextUniform(): number {
    return this.nextWord() / 0x1_0000_0000;
  }

  /** Standard normal, by Box and Muller (1958); takes two words. */
  nextNormal(): number {
    // 1 - u lies in (0, 1], so that its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextUniform()));
    // The sine's half of the pair is not kept for the next call: the state stays the key and `drawn` alone.
    return radius * Math.cos(2 * Math.PI * this.nextUniform());
  }

  /** Uniform integer in [0, bound), without bias (Lemire 2019, by rejection). `bound` is at most 2^32. */
  nextInteger(bound: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    let word = this.nextWord();
    while (word >= limit) word = this.nextWord();
    return word % bound;
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T extends Int32Array>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.nextInteger(i + 1);
      const kept = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = kept;
    }
    return values;
  }
}

/** A fresh stream of a run. */
export function openStream(seed: number, stream: StreamName, label: string | number = ''): RandomStream {
  return new RandomStream(streamKey(seed, stream, label));
}
