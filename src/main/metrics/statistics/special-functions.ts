/**
 * The special functions that p-values are made of, to about 1e-13. Written here because the packages that have them are
 * either some 230 for one distribution (@stdlib) or stop their continued fraction at 3e-7 (jstat).
 */

const LANCZOS_G = 7;
/** Lanczos's series for g = 7 (Godfrey 2001): its constant and the coefficients of 1 / x, 1 / (x + 1), ... */
const LANCZOS_CONSTANT = 0.99999999999980993;
const LANCZOS: readonly number[] = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log of the gamma function at x > 0 (Lanczos 1964). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const sum = LANCZOS.reduce((total, coefficient, i) => total + coefficient / (x + i), LANCZOS_CONSTANT);
  const base = x + LANCZOS_G - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

const MOST_STEPS = 10_000;
const PRECISION = 1e-15;
/** Stands for a zero that would be divided by. */
const TINY = 1e-300;

/** b0 + a1 / (b1 + a2 / (b2 + ...)) by Lentz's method as modified by Thompson and Barnett (1986). */
function continuedFraction(first: number, term: (step: number) => readonly [a: number, b: number]): number {
  let value = first === 0 ? TINY : first;
  let c = value;
  let d = 0;
  for (let step = 1; step <= MOST_STEPS; step++) {
    const [a, b] = term(step);
    d = 1 / (b + a * d || TINY);
    c = b + a / c || TINY;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return value;
}

/** The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8). */
function betaFraction(x: number, a: number, b: number): number {
  return continuedFraction(1, (step) => {
    const m = step >> 1;
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [step % 2 === 0 ? even : odd, 1];
  });
}

/** The regularised incomplete beta function I_x(a, b), 0 <= x <= 1, a and b > 0. */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a);
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return Math.exp(logFactor) / a / betaFraction(x, a, b);
}

/** 1 - erf(x) for x >= 0. */
export function complementaryError(x: number): number {
  const square = x * x;
  const scale = Math.exp(-square) / Math.sqrt(Math.PI);
  if (x < 2) {
    // erf's series, Abramowitz and Stegun 7.1.6.
    let term = 2 * x;
    let sum = term;
    for (let n = 1; term > sum * PRECISION; n++) {
      term *= (2 * square) / (2 * n + 1);
      sum += term;
    }
    return 1 - scale * sum;
  }
  // Abramowitz and Stegun 7.1.14.
  return scale / continuedFraction(x, (step) => [step / 2, x]);
}
