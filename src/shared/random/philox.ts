/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
 * (SC 2011). TensorFlow's stateless random ops use the same one, so a graph and this file draw the same bits.
 */
export const MULTIPLIER_A = 0xd2511f53;
export const MULTIPLIER_B = 0xcd9e8d57;
export const KEY_STEP_A = 0x9e3779b9;
export const KEY_STEP_B = 0xbb67ae85;
export const ROUNDS = 10;

/** Philox makes words in groups of so many. */
export const WORDS_AT_ONCE = 4;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers; like its arguments, of either sign. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // Each sum stays below 2^32: (2^16 - 1)^2 + 2 (2^16 - 1) = 2^32 - 1; so 32-bit arithmetic loses nothing.
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** Four unsigned 32-bit words of a counter, least significant first. */
export type PhiloxCounter = readonly [number, number, number, number];

/** Two unsigned 32-bit words naming one stream of random numbers. */
export type PhiloxKey = readonly [number, number];

/**
 * Writes the four words that belong to `counter` under `key` into `out` at `offset`.
 * Words that would fall behind the end of `out` are dropped.
 */
export function philox(key: PhiloxKey, counter: PhiloxCounter, out: Uint32Array, offset: number): void {
  // Read by index: destructuring runs the array iterator, which would cost more than the rounds.
  // Signed within: the engine keeps those in integer registers; storing into `out` makes them unsigned again.
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const highA = multiplyHigh(MULTIPLIER_A, c0);
    const lowA = Math.imul(MULTIPLIER_A, c0);
    const highB = multiplyHigh(MULTIPLIER_B, c2);
    const lowB = Math.imul(MULTIPLIER_B, c2);
    c0 = highB ^ c1 ^ k0;
    c1 = lowB;
    c2 = highA ^ c3 ^ k1;
    c3 = lowA;
    k0 = (k0 + KEY_STEP_A) | 0;
    k1 = (k1 + KEY_STEP_B) | 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
}

/**
 * Fills `out` with the words of one step of a stream: word i is word i % 4 of
 * philox(key, [floor(i / 4) low, floor(i / 4) high, step, 0]).
 * TensorFlow's StatelessRandomUniformFullIntV2 (Philox) gives the same for counter [0, step].
 */
export function philoxWords(key: PhiloxKey, step: number, out: Uint32Array): void {
  const counter: [number, number, number, number] = [0, 0, step >>> 0, 0];
  for (let offset = 0, group = 0; offset < out.length; offset += WORDS_AT_ONCE, group++) {
    counter[0] = group >>> 0;
    counter[1] = Math.floor(group / 0x1_0000_0000);
    philox(key, counter, out, offset);
  }
}
