import type { Measure } from '../metrics/measure.ts';

/** Training metrics of a running epoch: sums over examples of the steps' batch means, in float64. */
export class EpochSums {
  readonly #sums: Float64Array;
  #examples: number;

  constructor(metricCount: number, sums?: readonly number[], examples = 0) {
    this.#sums = sums === undefined ? new Float64Array(metricCount) : Float64Array.from(sums);
    this.#examples = examples;
  }

  get examples(): number {
    return this.#examples;
  }

  get sums(): number[] {
    return [...this.#sums];
  }

  /** @param stepMetrics [steps, metrics] flat, means over batches of `batchSize` */
  add(stepMetrics: Float32Array, batchSize: number): void {
    const width = this.#sums.length;
    for (let i = 0; i < stepMetrics.length; i++) {
      this.#sums[i % width]! += stepMetrics[i]! * batchSize;
    }
    this.#examples += (stepMetrics.length / width) * batchSize;
  }

  clear(): void {
    this.#sums.fill(0);
    this.#examples = 0;
  }

  /** A measure over the epoch so far; null before the first step or where it is not finite. */
  value(index: number, measure: Measure): number | null {
    return finishMeasure(measure, this.#sums[index]!, this.#examples);
  }
}

/** A measure from the sum over examples; null where there are none or where it is not finite. */
export function finishMeasure(measure: Measure, sum: number, examples: number): number | null {
  const value = measure.finish(sum / examples);
  return Number.isFinite(value) ? value : null;
}
