import { TimeSlices, type Slices } from '../slices.ts';
import { kernelRow, takePoints, type PointSet } from './kernel.ts';
import { classPairs, type SvmModel } from './model.ts';

/** What a machine says about examples. */
export interface SvmPredictions {
  /** Predicted label, [examples]. */
  readonly labels: Int32Array;
  /** Decision value of each pair of classes, [examples, pairs] flat; above 0 for the pair's first class. */
  readonly decisions: Float32Array;
  /**
   * A number per class of the model's labels, [examples, classes] flat, highest for the predicted one but in ties: the
   * votes, and a third of a vote at most for how clear the decisions were (scikit-learn's one-against-rest form). With
   * two classes it is the decision value and its negative.
   */
  readonly scores: Float32Array;
}

function allRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}

/** A model made ready to decide. */
class Decider {
  readonly #model: SvmModel;
  readonly #vectors: PointSet;
  readonly #pairs: readonly (readonly [number, number])[];
  /** First support vector of each class, and the end. */
  readonly #starts: readonly number[];

  constructor(model: SvmModel) {
    this.#model = model;
    const count = model.supportVectors.length / model.features;
    this.#vectors = takePoints(model.supportVectors, model.features, allRows(count));
    this.#pairs = classPairs(model.labels.length);
    const starts = [0];
    for (const of of model.counts) starts.push(starts.at(-1)! + of);
    this.#starts = starts;
  }

  get pairs(): readonly (readonly [number, number])[] {
    return this.#pairs;
  }

  /** Sum over the vectors of a class of the coefficients in a row of the table times the kernel. */
  #sum(kernel: Float64Array, ofClass: number, tableRow: number): number {
    const { coefficients } = this.#model;
    const column = tableRow * kernel.length;
    let sum = 0;
    for (let s = this.#starts[ofClass]!; s < this.#starts[ofClass + 1]!; s++) {
      sum += coefficients[column + s]! * kernel[s]!;
    }
    return sum;
  }

  /** Decision value per pair. */
  decide(points: PointSet, index: number): number[] {
    const kernel = kernelRow(this.#model, points, index, this.#vectors);
    return this.#pairs.map(
      ([i, j], pair) => this.#sum(kernel, i, j - 1) + this.#sum(kernel, j, i) - this.#model.rho[pair]!,
    );
  }
}

/** Votes per class, and the sums of the decision values for and against it. */
function countVotes(
  decisions: readonly number[],
  pairs: readonly (readonly [number, number])[],
  classes: number,
): { readonly votes: number[]; readonly confidences: number[] } {
  const votes = new Array<number>(classes).fill(0);
  const confidences = new Array<number>(classes).fill(0);
  pairs.forEach(([i, j], pair) => {
    const decision = decisions[pair]!;
    votes[decision > 0 ? i : j]! += 1;
    confidences[i]! += decision;
    confidences[j]! -= decision;
  });
  return { votes, confidences };
}

function scoreClasses(votes: readonly number[], confidences: readonly number[]): number[] {
  if (votes.length === 2) return [...confidences];
  return votes.map((count, k) => count + confidences[k]! / (3 * (Math.abs(confidences[k]!) + 1)));
}

/**
 * What the machine says about prepared examples: the class with most votes, the first of them in a tie (as LIBSVM).
 * @param values [examples, features] flat, prepared as the training examples were
 * @throws whatever `slices` stops with
 */
export async function predictSvm(
  model: SvmModel,
  values: Float32Array,
  slices: Slices = new TimeSlices(),
): Promise<SvmPredictions> {
  const decider = new Decider(model);
  const count = values.length / model.features;
  const [pairs, classes] = [decider.pairs.length, model.labels.length];
  const result = {
    labels: new Int32Array(count),
    decisions: new Float32Array(count * pairs),
    scores: new Float32Array(count * classes),
  };
  for (let row = 0; row < count; row++) {
    const point = takePoints(values, model.features, Int32Array.of(row));
    const decisions = decider.decide(point, 0);
    const { votes, confidences } = countVotes(decisions, decider.pairs, classes);
    result.labels[row] = model.labels[votes.indexOf(Math.max(...votes))]!;
    result.decisions.set(decisions, row * pairs);
    result.scores.set(scoreClasses(votes, confidences), row * classes);
    if (slices.isOver()) await slices.next();
  }
  return result;
}
