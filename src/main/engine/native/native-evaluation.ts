import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type {
  EngineOps,
  EvaluationContext,
  EvaluationProgram,
  EvaluationStep,
  StateTensor,
} from '../engine.ts';
import type { NativeBackend } from './backend.ts';
import { DType } from './dtype.ts';
import { chooseStepsPerCall } from './executor-rule.ts';
import { GraphBuilder, type GraphValue, type Ref } from './graph-builder.ts';
import { LOOP_INDEX, type Loop } from './loop.ts';
import type { NativeTrainingProgram } from './native-training.ts';
import { stateParameter } from './program-state.ts';
import { Recorder } from './recorder.ts';
import { residentParameter, type Resident, type ResidentCache } from './resident.ts';
import { batchRows, batchStandIns, INDICES, standIn, stateStandIns, writeRow } from './step-inputs.ts';

const WEIGHTS = 'weights';
const SUMS = 'sums';

/** What the optimizer alone reads is none of the net: nets of other optimizers are evaluated by the same loop. */
function isEvaluated({ role }: StateTensor): boolean {
  return role !== 'slot';
}

interface Tracing {
  readonly backend: NativeBackend;
  readonly ops: EngineOps;
  readonly step: EvaluationStep;
  readonly state: readonly StateTensor[];
  readonly residents: readonly Resident[];
  readonly batchSize: number;
  /** Equal parts of the batch that are computed beside each other. */
  readonly shards: number;
}

interface TracedEvaluation {
  readonly graph: GraphBuilder;
  readonly flops: number;
  readonly sums: readonly Ref[];
}

/** The rows' weights in equal parts, each with its tensor of samples. */
function weightStandIns({ backend, batchSize, shards }: Tracing, graph: GraphBuilder, recorder: Recorder) {
  const row = graph.gather(WEIGHTS, LOOP_INDEX, DType.float32);
  const size = batchSize / shards;
  return graph.split(row, DType.float32, shards).map((ref) => {
    const ones = backend.binding.createTensor([size], DType.float32, new Float32Array(size).fill(1));
    return standIn(backend, recorder, ones, { ref, dtype: DType.float32, shape: [size] });
  });
}

/** Runs the evaluation on each shard; the sums over the batch are the sums of the shards'. */
function recordShards(tracing: Tracing, recorder: Recorder, contexts: readonly EvaluationContext[]): Ref[] {
  const { backend, step } = tracing;
  return backend.binding.listen(recorder, () => {
    const shards = contexts.map((context) => step.run(context));
    return shards[0]!.map((first, i) => {
      const sum = shards.length === 1 ? first : tf.addN(shards.map((sums) => sums[i]!));
      const scalar = sum.rank === 0 ? sum : tf.reshape(sum, []);
      return recorder.value(backend.idOf(scalar)).ref;
    });
  });
}

function traceEvaluation(tracing: Tracing): TracedEvaluation {
  const { backend, ops, residents, batchSize, shards } = tracing;
  const graph = new GraphBuilder();
  const recorder = new Recorder(backend.binding, graph);
  tf.engine().startScope();
  try {
    const state = stateStandIns(backend, recorder, tracing.state);
    const weights = weightStandIns(tracing, graph, recorder);
    const contexts = batchRows(graph, shards).map((rows, shard) => ({
      ops,
      state,
      batch: batchStandIns(backend, graph, recorder, residents, rows, batchSize / shards),
      weights: weights[shard]!,
    }));
    const sums = recordShards(tracing, recorder, contexts);
    return { graph, flops: recorder.flops, sums };
  } finally {
    tf.engine().endScope();
  }
}

function register(tracing: Tracing, traced: TracedEvaluation, batches: number): Loop {
  const { backend, step, state, residents, batchSize } = tracing;
  const invariants: GraphValue[] = [
    ...residents.map(residentParameter),
    { ref: INDICES, dtype: DType.int32, shape: [batches, batchSize] },
    { ref: WEIGHTS, dtype: DType.float32, shape: [batches, batchSize] },
    ...state.map(stateParameter),
  ];
  return backend.loops.take({
    name: 'epoch_evaluation',
    graph: traced.graph,
    invariants,
    carried: [{ ref: SUMS, dtype: DType.float32, shape: [batches, step.metricNames.length] }],
    next: [writeRow(traced.graph, SUMS, traced.sums)],
    effects: [],
    xla: false,
  });
}

/** Sums of metrics over rows, many batches per call of TensorFlow's graph executor. */
export class NativeEvaluationProgram implements EvaluationProgram {
  readonly #tracing: Tracing;
  readonly #training: NativeTrainingProgram;
  readonly #loop: Loop;
  readonly #batchesPerCall: number;
  readonly #emptySums: number;

  constructor(
    backend: NativeBackend,
    ops: EngineOps,
    cache: ResidentCache,
    step: EvaluationStep,
    training: NativeTrainingProgram,
    batchSize: number,
  ) {
    const residents = step.inputs.map((input) => cache.hold(input));
    this.#training = training;
    const shards = batchSize % training.shards === 0 ? training.shards : 1;
    this.#tracing = {
      backend,
      ops,
      step,
      state: training.layout.filter(isEvaluated),
      residents,
      batchSize,
      shards,
    };
    try {
      const traced = traceEvaluation(this.#tracing);
      this.#batchesPerCall = chooseStepsPerCall('graph', traced.flops);
      this.#loop = register(this.#tracing, traced, this.#batchesPerCall);
    } catch (error) {
      for (const resident of residents) resident.release();
      throw error;
    }
    const shape = [this.#batchesPerCall, step.metricNames.length];
    const zeros = new Float32Array(shape[0]! * shape[1]!);
    this.#emptySums = backend.binding.createTensor(shape, DType.float32, zeros);
  }

  async run(indices: Int32Array): Promise<Float64Array> {
    const rowsPerCall = this.#batchesPerCall * this.#tracing.batchSize;
    const sums = new Float64Array(this.#tracing.step.metricNames.length);
    for (let first = 0; first < indices.length; first += rowsPerCall) {
      const table = await this.#call(indices.subarray(first, first + rowsPerCall));
      // Batches are added in doubles: float32 would lose digits over many of them.
      table.forEach((value, i) => (sums[i % sums.length]! += value));
    }
    return sums;
  }

  /** Sums per batch, [batches, metrics] flat. */
  async #call(indices: Int32Array): Promise<Float32Array> {
    const { backend, residents, batchSize } = this.#tracing;
    const { binding } = backend;
    const tables = this.#createTables(indices);
    const state = this.#training.borrowState();
    try {
      const stateIds = state.ids.filter((_, at) => isEvaluated(this.#training.layout[at]!));
      const inputs = [...residents.map(({ id }) => id), ...tables, ...stateIds, this.#emptySums];
      const [sums] = await this.#loop.run(Math.ceil(indices.length / batchSize), inputs);
      const values = binding.tensorDataSync(sums!.id) as Float32Array;
      binding.deleteTensor(sums!.id);
      return values;
    } finally {
      state.release();
      for (const id of tables) binding.deleteTensor(id);
    }
  }

  /** Row indices and weights, filled up by row 0 with weight 0. */
  #createTables(indices: Int32Array): number[] {
    const { backend, batchSize } = this.#tracing;
    const shape = [this.#batchesPerCall, batchSize];
    const rows = new Int32Array(this.#batchesPerCall * batchSize);
    rows.set(indices);
    const weights = new Float32Array(rows.length).fill(1, 0, indices.length);
    return [
      backend.binding.createTensor(shape, DType.int32, rows),
      backend.binding.createTensor(shape, DType.float32, weights),
    ];
  }

  dispose(): void {
    const { backend, residents } = this.#tracing;
    backend.loops.release(this.#loop);
    backend.binding.deleteTensor(this.#emptySums);
    for (const resident of residents) resident.release();
  }
}

/** @throws StudioError when the training program is not one of this engine's compiled ones */
export function requireNative(training: object): asserts training is NativeTrainingProgram {
  if ('borrowState' in training) return;
  throw new StudioError('internal', 'Evaluation program: the training program belongs to another engine');
}
