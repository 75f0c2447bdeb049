import type { TrainingCall } from '../../engine/engine.ts';
import { epochOrder } from '../epoch-order.ts';
import type { PreparedRun } from '../prepare-run.ts';
import type { PopulationRule } from './population-rule.ts';
import { ROWS } from './population-step.ts';

/** Epochs that nets of a population take together. */
export interface EpochSpan {
  /** Epochs behind them. */
  readonly from: number;
  readonly to: number;
}

/** What the steps of some epochs are fed, in calls that need not end where an epoch does. */
export class EpochTables {
  readonly steps: number;
  /** Examples of each step's batches; a smaller last batch is filled up with rows that do not count. */
  readonly rows: Float32Array;
  readonly #firstStep: number;
  /** Of all nets' batches of a step. */
  readonly #width: number;
  readonly #indices: Int32Array;
  readonly #scalars: PopulationRule['scalars'];

  /** @param members of one key, by place */
  constructor(members: readonly PreparedRun[], { from, to }: EpochSpan, scalars: PopulationRule['scalars']) {
    const { experiment, split, stepsPerEpoch } = members[0]!;
    const { batchSize } = experiment.training;
    this.steps = (to - from) * stepsPerEpoch;
    this.rows = Float32Array.from({ length: this.steps }, (_, step) =>
      Math.min(batchSize, split.train.length - (step % stepsPerEpoch) * batchSize),
    );
    this.#firstStep = from * stepsPerEpoch;
    this.#width = batchSize * members.length;
    this.#indices = new Int32Array(this.steps * this.#width);
    this.#scalars = scalars;
    members.forEach((run, place) => {
      for (let epoch = from; epoch < to; epoch++) {
        const order = epochOrder(run.split.train, run.seed, epoch + 1);
        this.#fill(order, (epoch - from) * stepsPerEpoch, place, run);
      }
    });
  }

  #fill(order: Int32Array, firstStep: number, place: number, { experiment, stepsPerEpoch }: PreparedRun) {
    const { batchSize } = experiment.training;
    for (let step = 0; step < stepsPerEpoch; step++) {
      const batch = order.subarray(step * batchSize, (step + 1) * batchSize);
      this.#indices.set(batch, (firstStep + step) * this.#width + place * batchSize);
    }
  }

  /** Some steps of the span, from one of them on. */
  call(from: number, steps: number): TrainingCall {
    const first = this.#firstStep + from;
    const column = (valueAt: (step: number) => number): Float32Array =>
      Float32Array.from({ length: steps }, (_, step) => valueAt(first + step + 1));
    const scalars = Object.entries(this.#scalars).map(([name, valueAt]) => [name, column(valueAt)] as const);
    return {
      indices: this.#indices.subarray(from * this.#width, (from + steps) * this.#width),
      batchSize: this.#width,
      steps,
      scalars: { ...Object.fromEntries(scalars), [ROWS]: this.rows.subarray(from, from + steps) },
      firstStep: first,
    };
  }
}
