import type { TrainingCall, TrainingStep } from '../engine.ts';
import type { NativeBackend } from './backend.ts';
import { DType } from './dtype.ts';
import { chooseStepsPerCall } from './executor-rule.ts';
import type { GraphValue } from './graph-builder.ts';
import type { Loop } from './loop.ts';
import { stateParameter, type ProgramState } from './program-state.ts';
import { residentParameter, type Resident } from './resident.ts';
import { INDICES, writeRow } from './step-inputs.ts';
import { FIRST_STEP, SCALARS, traceTraining, type TracedTraining } from './trace-training.ts';

/** Everything a loop of training steps is made of. */
export interface TrainingLoopOptions {
  readonly backend: NativeBackend;
  readonly step: TrainingStep;
  readonly residents: readonly Resident[];
  readonly state: ProgramState;
  /** Names of the variables that hold the state; null where it is passed in and out. */
  readonly variableNames: readonly string[] | null;
  readonly batchSize: number;
  /** Equal parts of the batch that are computed beside each other. */
  readonly shards: number;
  readonly executor: 'graph' | 'xla';
  /** Most iterations of a call; null to derive it from the step. */
  readonly stepsPerCall: number | null;
}

const METRICS = 'metrics';

function parameters(options: TrainingLoopOptions, stepsPerCall: number): GraphValue[] {
  const { residents, step, batchSize } = options;
  return [
    ...residents.map(residentParameter),
    { ref: INDICES, dtype: DType.int32, shape: [stepsPerCall, batchSize] },
    { ref: SCALARS, dtype: DType.float32, shape: [stepsPerCall, step.scalarNames.length] },
    { ref: FIRST_STEP, dtype: DType.int32, shape: [] },
  ];
}

function register(options: TrainingLoopOptions, traced: TracedTraining, stepsPerCall: number): Loop {
  const { step, backend, executor, variableNames } = options;
  const state = variableNames ? [] : step.state;
  const metrics = { ref: METRICS, dtype: DType.float32, shape: [stepsPerCall, step.metricNames.length] };
  return backend.loops.take({
    name: 'epoch_training',
    graph: traced.graph,
    invariants: parameters(options, stepsPerCall),
    carried: [metrics, ...state.map(stateParameter)],
    next: [
      writeRow(traced.graph, METRICS, traced.metrics),
      ...state.map((tensor, index) => traced.next.get(tensor.name) ?? stateParameter(tensor, index).ref),
    ],
    effects: traced.effects,
    xla: executor === 'xla',
  });
}

/** Rows of a table as long as the loop wants it; the rest stays zero and is never reached. */
function paddedTable(call: TrainingCall, names: readonly string[], rows: number): Float32Array {
  const table = new Float32Array(rows * names.length);
  names.forEach((name, column) => {
    call.scalars[name]!.forEach((value, row) => (table[row * names.length + column] = value));
  });
  return table;
}

/** Training steps of one batch size, many per call. Borrows the state and the data. */
export class TrainingLoop {
  readonly stepsPerCall: number;
  readonly #options: TrainingLoopOptions;
  readonly #loop: Loop;
  readonly #emptyMetrics: number;

  /** Records the step and registers the loop with TensorFlow. */
  constructor(options: TrainingLoopOptions) {
    this.#options = options;
    const { backend, step } = options;
    const traced = traceTraining(options);
    this.stepsPerCall = options.stepsPerCall ?? chooseStepsPerCall(options.executor, traced.flops);
    this.#loop = register(options, traced, this.stepsPerCall);
    const shape = [this.stepsPerCall, step.metricNames.length];
    this.#emptyMetrics = backend.binding.createTensor(
      shape,
      DType.float32,
      new Float32Array(shape[0]! * shape[1]!),
    );
  }

  #createTables(call: TrainingCall): number[] {
    const { backend, step, batchSize } = this.#options;
    const rows = this.stepsPerCall;
    const indices = new Int32Array(rows * batchSize);
    indices.set(call.indices);
    const scalars = paddedTable(call, step.scalarNames, rows);
    return [
      backend.binding.createTensor([rows, batchSize], DType.int32, indices),
      backend.binding.createTensor([rows, step.scalarNames.length], DType.float32, scalars),
      backend.binding.createTensor([], DType.int32, [call.firstStep]),
    ];
  }

  /** Takes the steps of a call and replaces the state; a failed call leaves a passed-in state as it was. */
  async run(call: TrainingCall): Promise<Float32Array> {
    const { backend, residents, state, step } = this.#options;
    const { binding } = backend;
    const tables = this.#createTables(call);
    try {
      const [metrics, ...next] = await this.#loop.run(call.steps, [
        ...residents.map(({ id }) => id),
        ...tables,
        this.#emptyMetrics,
        ...state.carried(),
      ]);
      state.accept(next.map(({ id }) => id));
      const values = binding.tensorDataSync(metrics!.id) as Float32Array;
      binding.deleteTensor(metrics!.id);
      return values.slice(0, call.steps * step.metricNames.length);
    } finally {
      for (const id of tables) binding.deleteTensor(id);
    }
  }

  /** A call of no steps: makes TensorFlow compile now instead of in the first real call. */
  async warmUp(): Promise<void> {
    const { step, batchSize } = this.#options;
    const scalars = Object.fromEntries(step.scalarNames.map((name) => [name, new Float32Array(0)]));
    await this.run({ indices: new Int32Array(0), batchSize, steps: 0, scalars, firstStep: 0 });
  }

  dispose(): void {
    this.#options.backend.loops.release(this.#loop);
    this.#options.backend.binding.deleteTensor(this.#emptyMetrics);
  }
}
