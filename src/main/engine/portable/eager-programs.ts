import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type {
  EngineOps,
  EvaluationProgram,
  EvaluationStep,
  StateTensor,
  StepResult,
  TrainingCall,
  TrainingOptions,
  TrainingProgram,
  TrainingStep,
} from '../engine.ts';
import { openTurns } from './event-loop.ts';
import { gatherBatch } from './resident-rows.ts';
import { StateStore } from './state-store.ts';

/** Steps per call where the caller names none: a pause acts between two calls, and a convolution is slow here. */
const DENSE_STEPS_PER_CALL = 8;
const CONVOLUTION_STEPS_PER_CALL = 1;

/** What one step leaves behind: the state tensors it replaces and its metrics [metricNames.length]. */
interface StepOutcome {
  readonly state: Record<string, Tensor>;
  readonly metrics: Tensor;
}

/** Applies the step's update rule to every parameter that has a gradient; new parameters and slots by name. */
function applyUpdates(
  step: TrainingStep,
  state: Readonly<Record<string, Tensor>>,
  gradients: StepResult['gradients'],
  scalars: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const fresh: Record<string, Tensor> = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const slotNames = step.update.slots.map((slot) => `${name}/${slot}`);
    const slots = slotNames.map((slotName) => state[slotName]!);
    const updated = step.update.apply({ parameter: state[name]!, gradient, slots, scalars });
    fresh[name] = updated.parameter;
    slotNames.forEach((slotName, i) => (fresh[slotName] = updated.slots[i]!));
  }
  return fresh;
}

/** Metrics as one vector, so that a call reads the device once. */
function packMetrics(metrics: readonly Tensor[]): Tensor {
  return metrics.length === 0 ? tf.zeros([0]) : tf.stack(metrics.map((metric) => tf.reshape(metric, [])));
}

/**
 * Runs a training step op by op on tfjs's current backend.
 * Owns the state's tensors; the resident inputs stay in the caller's typed arrays and only a batch at a time
 * goes to the device.
 */
export class EagerTrainingProgram implements TrainingProgram {
  readonly executor = 'eager';
  readonly stepsPerCall: number;
  readonly compileMs = 0;
  readonly #ops: EngineOps;
  readonly #step: TrainingStep;
  readonly #state: StateStore;

  constructor(ops: EngineOps, step: TrainingStep, options: TrainingOptions) {
    this.#ops = ops;
    this.#step = step;
    this.#state = new StateStore(step.state);
    this.stepsPerCall =
      options.stepsPerCall ?? (options.hasConvolutions ? CONVOLUTION_STEPS_PER_CALL : DENSE_STEPS_PER_CALL);
  }

  /** Current state by name, borrowed; for evaluation programs. */
  stateView(): Record<string, Tensor> {
    return this.#state.view();
  }

  async run(call: TrainingCall): Promise<Float32Array> {
    this.#requireFit(call);
    const giveWay = openTurns();
    const metrics: Tensor[] = [];
    try {
      for (let s = 0; s < call.steps; s++) {
        const outcome = this.#takeStep(call, s);
        this.#state.replace(outcome.state);
        metrics.push(outcome.metrics);
        await giveWay();
      }
      return await this.#readMetrics(metrics);
    } finally {
      tf.dispose(metrics);
    }
  }

  #requireFit(call: TrainingCall): void {
    if (call.steps <= this.stepsPerCall && call.indices.length === call.steps * call.batchSize) return;
    throw new StudioError(
      'internal',
      `Eager program: got ${call.steps} steps of ${call.batchSize} rows with ${call.indices.length} indices, ` +
        `expected at most ${this.stepsPerCall} steps and steps * batchSize indices; split the call.`,
    );
  }

  #takeStep(call: TrainingCall, s: number): StepOutcome {
    const rows = call.indices.subarray(s * call.batchSize, (s + 1) * call.batchSize);
    const step = this.#step;
    return tf.tidy(() => {
      const state = this.#state.view();
      const scalars: Record<string, Scalar> = {};
      for (const name of step.scalarNames) scalars[name] = tf.scalar(call.scalars[name]![s]!, 'float32');
      const result = step.run({
        ops: this.#ops,
        state,
        batch: gatherBatch(step.inputs, rows),
        scalars,
        step: tf.scalar(call.firstStep + s, 'int32'),
        share: 1,
      });
      const gradients = step.finishGradients?.(result.gradients) ?? result.gradients;
      const updated = applyUpdates(step, state, gradients, scalars);
      return { state: { ...updated, ...result.buffers }, metrics: packMetrics(result.metrics) };
    });
  }

  async #readMetrics(metrics: readonly Tensor[]): Promise<Float32Array> {
    if (metrics.length === 0) return new Float32Array(0);
    const all = tf.concat(metrics as Tensor[]);
    const values = Float32Array.from(await all.data());
    all.dispose();
    return values;
  }

  readState(): Promise<StateTensor[]> {
    return this.#state.read();
  }

  async writeState(state: readonly StateTensor[]): Promise<void> {
    this.#state.write(state);
  }

  dispose(): void {
    this.#state.dispose();
  }
}

/** Evaluates the state of an {@link EagerTrainingProgram} op by op; owns nothing on the device. */
export class EagerEvaluationProgram implements EvaluationProgram {
  readonly #ops: EngineOps;
  readonly #step: EvaluationStep;
  readonly #training: EagerTrainingProgram;
  readonly #batchSize: number;

  constructor(ops: EngineOps, step: EvaluationStep, training: EagerTrainingProgram, batchSize: number) {
    this.#ops = ops;
    this.#step = step;
    this.#training = training;
    this.#batchSize = batchSize;
  }

  async run(indices: Int32Array): Promise<Float64Array> {
    const giveWay = openTurns();
    const sums = new Float64Array(this.#step.metricNames.length);
    for (let start = 0; start < indices.length; start += this.#batchSize) {
      const batchSums = this.#evaluate(indices.subarray(start, start + this.#batchSize));
      // Summed in doubles: float32 would lose digits over many batches.
      (await batchSums.data()).forEach((value, i) => (sums[i]! += value));
      batchSums.dispose();
      await giveWay();
    }
    return sums;
  }

  #evaluate(rows: Int32Array): Tensor {
    return tf.tidy(() =>
      packMetrics(
        this.#step.run({
          ops: this.#ops,
          state: this.#training.stateView(),
          batch: gatherBatch(this.#step.inputs, rows),
          // Op by op no fixed shape is needed, so the last batch is simply smaller and never padded.
          weights: tf.ones([rows.length]),
        }),
      ),
    );
  }

  dispose(): void {}
}
