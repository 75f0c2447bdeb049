import type { Slices } from '../slices.ts';
import type { KernelMatrix } from './kernel.ts';

/** The dual of a two-class C-SVC. */
export interface SmoProblem {
  readonly kernel: KernelMatrix;
  /** 1 or -1 per point. */
  readonly signs: Int8Array;
  readonly C: number;
  /** Largest violation of the optimality conditions that is left. */
  readonly tolerance: number;
}

/** Where the dual is at its least, up to the tolerance. */
export interface SmoSolution {
  /** alpha_i y_i per point; 0 for what is no support vector. */
  readonly coefficients: Float64Array;
  /** The decision value is sum coefficient K - rho. */
  readonly rho: number;
  readonly iterations: number;
  /** False where it was stopped by the limit on iterations. */
  readonly converged: boolean;
}

/** LIBSVM's limit. */
const MOST_ITERATIONS = 10_000_000;
/** In place of a curvature that is not positive (LIBSVM's tau). */
const LEAST_CURVATURE = 1e-12;

interface Pair {
  readonly up: number;
  readonly low: number;
  /** Gradient along the pair's direction. */
  readonly slope: number;
  readonly curvature: number;
}

/**
 * Sequential minimal optimisation with the second-order choice of the working set (WSS 2 of Fan, Chen and Lin 2005, the
 * one of LIBSVM), without shrinking. It works on v_i = y_i - sum_j alpha_j y_j K_ij, of which no v in I_up may exceed one
 * in I_low at the optimum.
 */
class Smo {
  readonly #problem: SmoProblem;
  readonly #alphas: Float64Array;
  readonly #v: Float64Array;

  constructor(problem: SmoProblem) {
    this.#problem = problem;
    this.#alphas = new Float64Array(problem.signs.length);
    this.#v = Float64Array.from(problem.signs);
  }

  /** Can alpha y still grow? */
  #isUp(i: number): boolean {
    return this.#problem.signs[i]! > 0 ? this.#alphas[i]! < this.#problem.C : this.#alphas[i]! > 0;
  }

  /** Can alpha y still fall? */
  #isLow(i: number): boolean {
    return this.#problem.signs[i]! > 0 ? this.#alphas[i]! > 0 : this.#alphas[i]! < this.#problem.C;
  }

  #highestUp(): number {
    let best = -1;
    for (let i = 0; i < this.#v.length; i++) {
      if (this.#isUp(i) && (best < 0 || this.#v[i]! >= this.#v[best]!)) best = i;
    }
    return best;
  }

  #curvature(up: number, low: number, rowUp: Float32Array): number {
    const { diagonal } = this.#problem.kernel;
    return Math.max(LEAST_CURVATURE, diagonal[up]! + diagonal[low]! - 2 * rowUp[low]!);
  }

  /** The pair that lowers a quadratic model of the dual most; null at the optimum. */
  #choosePair(): Pair | null {
    const up = this.#highestUp();
    if (up < 0) return null;
    const row = this.#problem.kernel.row(up);
    const highest = this.#v[up]!;
    let [low, lowest, mostGain] = [-1, Infinity, 0];
    for (let t = 0; t < row.length; t++) {
      if (!this.#isLow(t)) continue;
      lowest = Math.min(lowest, this.#v[t]!);
      const slope = highest - this.#v[t]!;
      if (slope <= 0) continue;
      const gain = (slope * slope) / this.#curvature(up, t, row);
      if (gain >= mostGain) [low, mostGain] = [t, gain];
    }
    if (low < 0 || highest - lowest < this.#problem.tolerance) return null;
    return { up, low, slope: highest - this.#v[low]!, curvature: this.#curvature(up, low, row) };
  }

  /** Moves alpha y of a point by `change`, exactly onto a bound that it reaches. */
  #move(i: number, change: number, reachesBound: boolean): void {
    const grows = change * this.#problem.signs[i]! > 0;
    if (reachesBound) this.#alphas[i] = grows ? this.#problem.C : 0;
    else this.#alphas[i]! += change * this.#problem.signs[i]!;
  }

  /** How far alpha y of a point can go up (sign 1) or down (sign -1). */
  #room(i: number, sign: number): number {
    return sign * this.#problem.signs[i]! > 0 ? this.#problem.C - this.#alphas[i]! : this.#alphas[i]!;
  }

  #takeStep({ up, low, slope, curvature }: Pair): void {
    const [roomUp, roomLow] = [this.#room(up, 1), this.#room(low, -1)];
    const length = Math.min(slope / curvature, roomUp, roomLow);
    this.#move(up, length, length === roomUp);
    this.#move(low, -length, length === roomLow);
    const [rowUp, rowLow] = [this.#problem.kernel.row(up), this.#problem.kernel.row(low)];
    const v = this.#v;
    for (let t = 0; t < v.length; t++) v[t]! -= length * (rowUp[t]! - rowLow[t]!);
  }

  /** Minus the mean of v over free support vectors, which all have the same; without any, the middle of what is allowed. */
  #rho(): number {
    let [sum, free, highest, lowest] = [0, 0, -Infinity, Infinity];
    for (let i = 0; i < this.#v.length; i++) {
      const [up, low, v] = [this.#isUp(i), this.#isLow(i), this.#v[i]!];
      if (up && low) {
        sum += v;
        free += 1;
      } else if (up) highest = Math.max(highest, v);
      else lowest = Math.min(lowest, v);
    }
    return free > 0 ? -sum / free : -(highest + lowest) / 2;
  }

  async solve(slices: Slices): Promise<SmoSolution> {
    let iterations = 0;
    let pair = this.#choosePair();
    while (pair !== null && iterations < MOST_ITERATIONS) {
      this.#takeStep(pair);
      iterations += 1;
      if (slices.isOver()) await slices.next();
      pair = this.#choosePair();
    }
    const { signs } = this.#problem;
    const coefficients = this.#alphas.map((alpha, i) => alpha * signs[i]!);
    return { coefficients, rho: this.#rho(), iterations, converged: pair === null };
  }
}

/**
 * Solves min 1/2 a'Qa - sum a, 0 <= a <= C, sum a y = 0, with Q_ij = y_i y_j K_ij.
 * @throws whatever `slices` stops with
 */
export async function solveSmo(problem: SmoProblem, slices: Slices): Promise<SmoSolution> {
  return new Smo(problem).solve(slices);
}
