import type { Tensor } from '@tensorflow/tfjs-core';
import type { EngineInfo, ExecutorKind } from '../../shared/schema/engine.ts';

/** Element types of data that stays on the device for a whole run. */
export type ResidentArray = Uint8Array | Int32Array | Float32Array;

/** Examples kept on the device; a program gathers batches from them by index. */
export interface ResidentInput {
  readonly name: string;
  /** [examples, ...shape of one example] */
  readonly shape: readonly number[];
  readonly values: ResidentArray;
}

/** What a state tensor is for. Slots are the optimizer's own tensors, buffers e.g. running statistics. */
export type StateRole = 'parameter' | 'buffer' | 'slot';

/** One float32 tensor that a training step reads and replaces. */
export interface StateTensor {
  readonly name: string;
  readonly role: StateRole;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Operations whose best form differs from engine to engine, each with its gradient.
 * Inputs are borrowed, results belong to the caller (inside a tidy: to the tidy).
 */
export interface EngineOps {
  /** x [..., channels] + bias [channels]. */
  biasAdd(x: Tensor, bias: Tensor): Tensor;
  /** -log softmax(logits)[label] per example: logits [batch, classes], labels int32 [batch] -> [batch]. */
  sparseSoftmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor;
  /**
   * Normalises over all axes but the last with the whole batch's own mean and (biased) variance, over `rows` rows.
   * x [..., channels], scale and offset [channels]; mean and variance carry no gradient.
   */
  batchNormTraining(
    x: Tensor,
    scale: Tensor,
    offset: Tensor,
    epsilon: number,
  ): { readonly normalised: Tensor; readonly mean: Tensor; readonly variance: Tensor; readonly rows: number };
  /**
   * Inverted dropout: zero with probability `rate`, else x / (1 - rate). The whole batch's mask is a pure function of
   * `key` (see shared/random) and `step`, the same on every engine and executor, in shards or not. x [batch, ...]
   * @param step int32 scalar, the training step from the start of the run
   */
  dropout(x: Tensor, rate: number, key: RandomKey, step: Tensor): Tensor;
  /**
   * {@link dropout} of many nets at once, x [members, rows, units]: each member's mask is the one it has alone.
   * @param keys of each member's stream
   */
  memberDropout(x: Tensor, keys: readonly RandomKey[], rates: MemberRates, step: Tensor): Tensor;
  /**
   * Numbers uniform in [0, 1) of the given shape, float32 multiples of 2^-24: a pure function of `key` and `step`, the
   * same on every engine and executor. They carry no gradient.
   */
  randomUniform(shape: readonly number[], key: RandomKey, step: Tensor): Tensor;
}

/** Dropout rates of many nets, float32 [members, 1, 1] each: values of a step, where `dropout` has its rate in the step. */
export interface MemberRates {
  /** round(rate * 2^32) in two halves of 16 bits, which float32 holds exactly. */
  readonly high: Tensor;
  readonly low: Tensor;
  /** 1 / (1 - rate) */
  readonly factor: Tensor;
}

/** Two 32-bit words naming one stream of random numbers (Philox key). */
export type RandomKey = readonly [number, number];

/** What a step function sees while it is traced or run. All tensors are borrowed. */
export interface StepContext {
  /** For this context's examples: of a shard, these are not the engine's own `ops`. */
  readonly ops: EngineOps;
  /** Current state by name. */
  readonly state: Readonly<Record<string, Tensor>>;
  /** Gathered rows by input name, [batch, ...], in the input's own type (uint8 arrives as int32). */
  readonly batch: Readonly<Record<string, Tensor>>;
  /** float32 scalars by name, a new value each step (learning rate, bias corrections, ...). */
  readonly scalars: Readonly<Record<string, Tensor>>;
  /** int32 scalar: training steps taken before this one, from the start of the run. */
  readonly step: Tensor;
  /**
   * Share of the batch that this context holds, 1 for all of it. The step multiplies its loss, and so its gradients,
   * and its metrics by it: those of a batch's shards then add up to the batch's.
   */
  readonly share: number;
}

/** What one training step yields. Tensors belong to the caller. */
export interface StepResult {
  /** Gradient of the mean batch loss for each parameter, by name. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** New values of the buffers that changed, by name. */
  readonly buffers: Readonly<Record<string, Tensor>>;
  /** float32 scalars in the order of `metricNames`. */
  readonly metrics: readonly Tensor[];
}

/** Tensors of one parameter's update. `slots` in the order the rule declares them. */
export interface UpdateInput {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  readonly scalars: Readonly<Record<string, Tensor>>;
}

/**
 * The same update as one TensorFlow op that works in place (ResourceApplyAdam, ...).
 * `inputs` names, in the op's order: 'parameter', 'gradient', 'slot:0', ..., 'scalar:NAME', or {constant}.
 */
export interface FusedUpdate {
  readonly op: string;
  readonly inputs: readonly (string | { readonly constant: number })[];
  readonly booleanAttributes: Readonly<Record<string, boolean>>;
  /** Added to the gradient before the op: coefficient * parameter (L2 decay); 0 for none. */
  readonly l2: number;
  /** Decoupled decay: parameter -= scalar `learningRate` * decay * parameter (AdamW); 0 for none. */
  readonly decoupledDecay: number;
}

/** An optimizer's rule for one parameter, stated once in plain tensors and, where there is one, as a fused op. */
export interface UpdateRule {
  /** Slots per parameter, e.g. ['m', 'v']; their state tensors are named `${parameter}/${slot}`. */
  readonly slots: readonly string[];
  /** Returns the new parameter and slots; pure. */
  apply(input: UpdateInput): { readonly parameter: Tensor; readonly slots: readonly Tensor[] };
  readonly fused: FusedUpdate | null;
}

/** A whole training step, independent of the engine that runs it. */
export interface TrainingStep {
  readonly state: readonly StateTensor[];
  readonly inputs: readonly ResidentInput[];
  readonly scalarNames: readonly string[];
  readonly metricNames: readonly string[];
  readonly update: UpdateRule;
  /**
   * Is the loss a mean over examples that see each other, and draw random numbers, by `context.ops` alone? A batch may
   * then be computed in shards. False where left out.
   */
  readonly separable?: boolean;
  /**
   * Changes the gradients of a whole batch before the update, e.g. clips them to a norm over all of them; by name, in
   * tfjs ops. Left out where they are taken as they are.
   */
  readonly finishGradients?: (
    gradients: Readonly<Record<string, Tensor>>,
  ) => Readonly<Record<string, Tensor>>;
  /** Forward, loss and gradients in tfjs ops and `context.ops`; pure but for the tensors it returns. */
  run(context: StepContext): StepResult;
}

/** What an engine should know of the work before it starts its threads. */
export interface Workload {
  readonly batchSize: number;
  readonly hasConvolutions: boolean;
  readonly separable: boolean;
}

export interface TrainingOptions {
  readonly batchSize: number;
  /** Steps the whole run will take; decides whether compiling pays. */
  readonly plannedSteps: number;
  /** Does the net have convolutions? XLA is slow at them on a CPU. */
  readonly hasConvolutions: boolean;
  /** Forces an executor, e.g. the one a resumed run began with. */
  readonly executor?: ExecutorKind;
  readonly stepsPerCall?: number;
}

/** One call's work: up to `stepsPerCall` steps. */
export interface TrainingCall {
  /** Row indices, [steps, batchSize] flat. A last, smaller batch comes alone: 1 row of its own size. */
  readonly indices: Int32Array;
  readonly batchSize: number;
  readonly steps: number;
  /** float32 values by scalar name, one per step. */
  readonly scalars: Readonly<Record<string, Float32Array>>;
  /** Training steps before this call, from the start of the run. */
  readonly firstStep: number;
}

/** A training step made ready to run many times; owns its state and its copy of the data on the device. */
export interface TrainingProgram {
  readonly executor: ExecutorKind;
  /** Most steps one call may take. */
  readonly stepsPerCall: number;
  readonly compileMs: number;
  /** Takes the steps; resolves to metrics [steps, metricNames.length] flat. The event loop stays free. */
  run(call: TrainingCall): Promise<Float32Array>;
  /** Copies of the whole state, in the order of `TrainingStep.state`. */
  readState(): Promise<StateTensor[]>;
  /** Replaces the whole state, e.g. by a checkpoint's. */
  writeState(state: readonly StateTensor[]): Promise<void>;
  dispose(): void;
}

/** Sums over examples; weights of 0 mark padding of the last batch. */
export interface EvaluationStep {
  readonly inputs: readonly ResidentInput[];
  readonly metricNames: readonly string[];
  /** Returns one float32 scalar per metric: the sum over the batch of weight * value. `weights` is [batch]. */
  run(context: EvaluationContext): readonly Tensor[];
}

export interface EvaluationContext {
  readonly ops: EngineOps;
  /** All but the optimizer's slots. */
  readonly state: Readonly<Record<string, Tensor>>;
  readonly batch: Readonly<Record<string, Tensor>>;
  readonly weights: Tensor;
}

/** Evaluates the training program's current state on other data. */
export interface EvaluationProgram {
  /** Resolves to the sum of each metric over the rows named by `indices`. */
  run(indices: Int32Array): Promise<Float64Array>;
  dispose(): void;
}

/**
 * One library that computes, chosen once per trainer process.
 * Only one engine may be alive in a process: it is tfjs's global backend.
 */
export interface Engine {
  readonly info: EngineInfo;
  readonly ops: EngineOps;
  createTrainingProgram(step: TrainingStep, options: TrainingOptions): Promise<TrainingProgram>;
  /** `training` gives the state; it must outlive the evaluation program. */
  createEvaluationProgram(
    step: EvaluationStep,
    training: TrainingProgram,
    batchSize: number,
  ): Promise<EvaluationProgram>;
  /** Tensors and native handles alive; for leak tests and the log. */
  memory(): { readonly tensors: number; readonly handles: number };
  dispose(): void;
}
