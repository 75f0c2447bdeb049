import { StudioError } from '../../../shared/ipc/errors.ts';
import type { StateTensor, TrainingCall, TrainingOptions, TrainingProgram, TrainingStep } from '../engine.ts';
import type { NativeBackend } from './backend.ts';
import {
  PureState,
  VariableState,
  readState,
  requireSameState,
  type BorrowedState,
  type ProgramState,
} from './program-state.ts';
import { fallsIntoShards } from './parallelism.ts';
import type { Resident, ResidentCache } from './resident.ts';
import { TrainingLoop, type TrainingLoopOptions } from './training-loop.ts';

let programCount = 0;

/** A training step as TensorFlow functions: K steps per call, in its graph executor or compiled by XLA. */
export class NativeTrainingProgram implements TrainingProgram {
  readonly executor: 'graph' | 'xla';
  /** Equal parts of a batch that are computed beside each other, where a batch can be parted so. */
  readonly shards: number;
  #compileMs = 0;
  readonly #step: TrainingStep;
  readonly #options: Omit<TrainingLoopOptions, 'batchSize' | 'shards' | 'executor' | 'stepsPerCall'>;
  readonly #state: ProgramState;
  readonly #residents: readonly Resident[];
  readonly #batchSize: number;
  /** By batch size: the main one, and the smaller last batches' as they come. */
  readonly #loops = new Map<number, TrainingLoop>();
  #busy = false;
  #disposed = false;

  /** Copies the data and the state to the device; {@link prepare} must follow. */
  constructor(
    backend: NativeBackend,
    cache: ResidentCache,
    step: TrainingStep,
    options: TrainingOptions,
    executor: 'graph' | 'xla',
    shards: number,
  ) {
    this.executor = executor;
    this.shards = executor === 'graph' && step.separable === true ? shards : 1;
    this.#step = step;
    this.#batchSize = options.batchSize;
    this.#residents = step.inputs.map((input) => cache.hold(input));
    // XLA wants a function without side effects; in the graph executor fused updates of variables are faster.
    const variables =
      executor === 'graph'
        ? new VariableState(backend.binding, step.state, `epoch_training_${programCount++}`)
        : null;
    this.#state = variables ?? new PureState(backend.binding, step.state);
    const variableNames = variables?.names ?? null;
    this.#options = { backend, step, residents: this.#residents, state: this.#state, variableNames };
  }

  /**
   * Records the step, builds the main loop and compiles it, so that no call is slower than the others.
   * @param stepsPerCall null to derive it from the step
   */
  async prepare(stepsPerCall: number | null): Promise<void> {
    const loop = this.#createLoop(this.#batchSize, this.executor, stepsPerCall);
    const startMs = performance.now();
    await loop.warmUp();
    this.#compileMs += performance.now() - startMs;
  }

  get stepsPerCall(): number {
    return this.#loops.get(this.#batchSize)!.stepsPerCall;
  }

  /** The state's names, roles and shapes. */
  get layout(): readonly StateTensor[] {
    return this.#step.state;
  }

  get compileMs(): number {
    return this.#compileMs;
  }

  #createLoop(batchSize: number, executor: 'graph' | 'xla', stepsPerCall: number | null): TrainingLoop {
    const startMs = performance.now();
    const shards = fallsIntoShards(batchSize, this.shards) ? this.shards : 1;
    const loop = new TrainingLoop({ ...this.#options, batchSize, shards, executor, stepsPerCall });
    this.#loops.set(batchSize, loop);
    this.#compileMs += performance.now() - startMs;
    return loop;
  }

  async run(call: TrainingCall): Promise<Float32Array> {
    this.#requireIdle();
    // A last, smaller batch comes once an epoch: the graph executor builds it in a moment.
    const loop = this.#loops.get(call.batchSize) ?? this.#createLoop(call.batchSize, 'graph', 1);
    this.#requireFit(call, loop.stepsPerCall);
    this.#busy = true;
    try {
      return await loop.run(call);
    } finally {
      this.#endCall();
    }
  }

  #endCall(): void {
    this.#busy = false;
    if (this.#disposed) this.#free();
  }

  #requireIdle(): void {
    if (!this.#busy && !this.#disposed) return;
    throw new StudioError(
      'internal',
      'Training program: a call is running, or it is disposed of; wait for one call before the next',
    );
  }

  #requireFit({ steps, batchSize, indices }: TrainingCall, most: number): void {
    if (steps >= 0 && steps <= most && indices.length === steps * batchSize) return;
    throw new StudioError(
      'internal',
      `Training program: got ${steps} steps with ${indices.length} indices of batch size ${batchSize}, expected at ` +
        `most ${most} steps and steps * batch size indices`,
    );
  }

  /** The current values, for an evaluation; the caller releases them. */
  borrowState(): BorrowedState {
    return this.#state.borrow();
  }

  async readState(): Promise<StateTensor[]> {
    const borrowed = this.borrowState();
    try {
      return readState(this.#options.backend.binding, this.#step.state, borrowed);
    } finally {
      borrowed.release();
    }
  }

  async writeState(state: readonly StateTensor[]): Promise<void> {
    requireSameState(this.#step.state, state);
    this.#state.write(state);
  }

  /** Frees everything, after the running call if there is one. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (!this.#busy) this.#free();
  }

  #free(): void {
    for (const loop of this.#loops.values()) loop.dispose();
    this.#loops.clear();
    this.#state.dispose();
    for (const resident of this.#residents) resident.release();
  }
}
