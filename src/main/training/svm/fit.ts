import { StudioError } from '../../../shared/ipc/errors.ts';
import type { SvmSpec } from '../../../shared/schema/svm.ts';
import { TimeSlices, type Slices } from '../slices.ts';
import { KernelMatrix, takePoints, type Kernel } from './kernel.ts';
import { classPairs, type SvmModel } from './model.ts';
import { solveSmo, type SmoSolution } from './smo.ts';

/** Prepared training examples. */
export interface SvmExamples {
  /** [examples, features] flat. */
  readonly values: Float32Array;
  readonly features: number;
  /** Labels, [examples]. */
  readonly labels: Int32Array;
}

/** A fitted machine and how hard it was. */
export interface SvmFit {
  readonly model: SvmModel;
  readonly iterations: number;
  /** Pairs of classes whose solution was stopped by the limit on iterations. */
  readonly unconvergedPairs: number;
}

/** How the fit is watched. */
export interface SvmFitOptions {
  readonly slices?: Slices;
  /** Told after each pair of classes. */
  readonly onPair?: (done: number, pairs: number) => void;
}

/** 1 / (features variance) over all numbers, as scikit-learn's "scale"; 1 where all are equal. */
export function scaleGamma(values: Float32Array, features: number): number {
  let [mean, squares] = [0, 0];
  // Welford's recurrence, which does not cancel where the mean is large.
  values.forEach((value, i) => {
    const distance = value - mean;
    mean += distance / (i + 1);
    squares += distance * (value - mean);
  });
  return squares > 0 ? values.length / (features * squares) : 1;
}

function rowsByClass(labels: Int32Array): { readonly labels: Int32Array; readonly rows: Int32Array[] } {
  const present = Int32Array.from(new Set(labels)).sort();
  const rows = Array.from(present, (label) => {
    const of = new Int32Array(labels.length);
    let count = 0;
    labels.forEach((found, row) => {
      if (found === label) of[count++] = row;
    });
    return of.slice(0, count);
  });
  return { labels: present, rows };
}

/** One pair's problem: points of the first class, then those of the second. */
async function fitPair(
  { values, features }: SvmExamples,
  first: Int32Array,
  second: Int32Array,
  spec: SvmSpec,
  kernel: Kernel,
  slices: Slices,
): Promise<SmoSolution> {
  const rows = new Int32Array(first.length + second.length);
  rows.set(first);
  rows.set(second, first.length);
  const signs = new Int8Array(rows.length).fill(1, 0, first.length).fill(-1, first.length);
  const matrix = new KernelMatrix(kernel, takePoints(values, features, rows));
  return solveSmo({ kernel: matrix, signs, C: spec.C, tolerance: spec.tolerance }, slices);
}

/** Gathers the pairs' coefficients: [classes - 1] columns for each training row. */
class CoefficientTable {
  readonly #classes: readonly Int32Array[];
  readonly #byRow: Float64Array[];

  constructor(classes: readonly Int32Array[]) {
    this.#classes = classes;
    const examples = classes.reduce((sum, rows) => sum + rows.length, 0);
    this.#byRow = Array.from({ length: classes.length - 1 }, () => new Float64Array(examples));
  }

  put(i: number, j: number, { coefficients }: SmoSolution): void {
    const [first, second] = [this.#classes[i]!, this.#classes[j]!];
    first.forEach((row, at) => (this.#byRow[j - 1]![row] = coefficients[at]!));
    second.forEach((row, at) => (this.#byRow[i]![row] = coefficients[first.length + at]!));
  }

  /** Rows with a coefficient in any pair, one class after the other. */
  supportRows(): Int32Array[] {
    return this.#classes.map((rows) => rows.filter((row) => this.#byRow.some((column) => column[row] !== 0)));
  }

  /** [classes - 1, rows] flat. */
  take(rows: Int32Array): Float32Array {
    return Float32Array.from(this.#byRow.flatMap((column) => Array.from(rows, (row) => column[row]!)));
  }
}

function checkClasses(labels: Int32Array): void {
  if (labels.length > 1) return;
  throw new StudioError(
    'invalid-input',
    'support vector machine: the training part has examples of one class only, expected at least two; ' +
      'take more training examples',
    { path: 'data.split' },
  );
}

/**
 * Fits a C-SVC, one against one (Cortes and Vapnik 1995; LIBSVM's way with more than two classes): the same answer for
 * the same rows, whatever the machine. The result's numbers are rounded to float32, so that the stored machine is the
 * one that was measured.
 * @throws StudioError `invalid-input` where there is one class only, and whatever `slices` stops with
 */
export async function fitSvm(
  examples: SvmExamples,
  spec: SvmSpec,
  { slices = new TimeSlices(), onPair }: SvmFitOptions = {},
): Promise<SvmFit> {
  const { values, features } = examples;
  const { labels, rows } = rowsByClass(examples.labels);
  checkClasses(labels);
  const gamma = Math.fround(spec.gamma === 'scale' ? scaleGamma(values, features) : spec.gamma);
  const kernel: Kernel = { kind: spec.kernel, gamma };
  const table = new CoefficientTable(rows);
  const solutions: SmoSolution[] = [];
  const pairs = classPairs(labels.length);
  for (const [i, j] of pairs) {
    const solution = await fitPair(examples, rows[i]!, rows[j]!, spec, kernel, slices);
    table.put(i, j, solution);
    solutions.push(solution);
    onPair?.(solutions.length, pairs.length);
  }
  return {
    model: collectModel(examples, kernel, labels, table, solutions),
    iterations: solutions.reduce((sum, { iterations }) => sum + iterations, 0),
    unconvergedPairs: solutions.filter(({ converged }) => !converged).length,
  };
}

function collectModel(
  { values, features }: SvmExamples,
  kernel: Kernel,
  labels: Int32Array,
  table: CoefficientTable,
  solutions: readonly SmoSolution[],
): SvmModel {
  const byClass = table.supportRows();
  const rows = Int32Array.from(byClass.flatMap((of) => [...of]));
  const supportVectors = new Float32Array(rows.length * features);
  rows.forEach((row, i) =>
    supportVectors.set(values.subarray(row * features, (row + 1) * features), i * features),
  );
  return {
    ...kernel,
    features,
    labels,
    counts: Int32Array.from(byClass, (of) => of.length),
    supportVectors,
    coefficients: table.take(rows),
    rho: Float32Array.from(solutions, ({ rho }) => rho),
  };
}
