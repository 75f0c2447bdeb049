/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
 * (SC 2011). TensorFlow's stateless random ops use the same one, so a graph and this file draw the same bits.
 */
const MULTIPLIER_A = 0xd2511f53;
const MULTIPLIER_B = 0xcd9e8d57;
const KEY_STEP_A = 0x9e3779b9;
const KEY_STEP_B = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Four unsigned 32-bit words of a counter, least significant first. */
export type PhiloxCounter = readonly [number, number, number, number];

/** Two unsigned 32-bit words naming one stream of random numbers. */
export type PhiloxKey = readonly [number, number];

/**
 * Writes the four words that belong to `counter` under `key` into `out` at `offset`.
 */
export function philox(key: PhiloxKey, counter: PhiloxCounter, out: Uint32Array, offset: number): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const highA = multiplyHigh(MULTIPLIER_A, c0);
    const lowA = Math.imul(MULTIPLIER_A, c0);
    const highB = multiplyHigh(MULTIPLIER_B, c2);
    const lowB = Math.imul(MULTIPLIER_B, c2);
    c0 = (highB ^ c1 ^ k0) >>> 0;
    c1 = lowB >>> 0;
    c2 = (highA ^ c3 ^ k1) >>> 0;
    c3 = lowA >>> 0;
    k0 = (k0 + KEY_STEP_A) >>> 0;
    k1 = (k1 + KEY_STEP_B) >>> 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
}
