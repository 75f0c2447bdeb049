import { complementaryError, regularisedBeta } from './special-functions.ts';

/** The probability that Student's t lies at least as far from 0 as `t`, both sides; `freedom` > 0. */
export function studentTwoSided(t: number, freedom: number): number {
  return regularisedBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The t that Student's distribution exceeds in size with probability `p` (both sides), 0 < p < 1. */
export function studentLimit(p: number, freedom: number): number {
  let high = 1;
  while (studentTwoSided(high, freedom) > p) high *= 2;
  let low = 0;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability that a standard normal number lies at least as far from 0 as `z`, both sides. */
export function normalTwoSided(z: number): number {
  return complementaryError(Math.abs(z) / Math.SQRT2);
}

/** The z that a standard normal number exceeds in size with probability 0.05. */
export const NORMAL_LIMIT_95 = 1.959963984540054;

/** The probability that chi-square with one degree of freedom is at least `x`. */
export function chiSquareTail(x: number): number {
  return normalTwoSided(Math.sqrt(x));
}

/** Two-sided p of a fair coin that fell `fewer` times on one side in up to 1,000 tosses; twice the tail, at most 1. */
export function fairCoinTwoSided(fewer: number, tosses: number): number {
  let term = 2 ** -tosses;
  let tail = term;
  for (let k = 1; k <= fewer; k++) {
    term *= (tosses - k + 1) / k;
    tail += term;
  }
  return Math.min(1, 2 * tail);
}
