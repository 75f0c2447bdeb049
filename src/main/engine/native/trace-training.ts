import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { StepContext, StepResult, TrainingStep } from '../engine.ts';
import type { NativeBackend } from './backend.ts';
import { DType } from './dtype.ts';
import { applyFused, assign, lateReaders, type VariableRefs } from './fused-update.ts';
import { GraphBuilder, nodeOf, type, type Ref } from './graph-builder.ts';
import { joinProducts } from './join-products.ts';
import { LOOP_INDEX } from './loop.ts';
import { createNativeOps } from './native-ops.ts';
import { poolFirst } from './pool-first.ts';
import { Recorder } from './recorder.ts';
import type { Resident } from './resident.ts';
import { ShardSums } from './shard.ts';
import { batchRows, batchStandIns, rowScalars, standIn, stateStandIns } from './step-inputs.ts';

/** Loop parameters of a training program besides the data. */
export const SCALARS = 'scalars';
export const FIRST_STEP = 'first_step';

/** One recorded training step. */
export interface TracedTraining {
  readonly graph: GraphBuilder;
  readonly flops: number;
  /** float32 scalars. */
  readonly metrics: readonly Ref[];
  /** New state tensors by name; empty where variables hold the state. */
  readonly next: ReadonlyMap<string, Ref>;
  /** Nodes that change variables. */
  readonly effects: readonly Ref[];
}

/** What is recorded. */
export interface TrainingTrace {
  readonly backend: NativeBackend;
  readonly step: TrainingStep;
  readonly residents: readonly Resident[];
  readonly batchSize: number;
  /** Equal parts of the batch that are computed beside each other; more than 1 for a separable step only. */
  readonly shards: number;
  /**
   * Where variables hold the state, their shared names in the order of the state; null where the state is passed in
   * and out.
   */
  readonly variableNames: readonly string[] | null;
}

interface Tracing extends TrainingTrace {
  readonly graph: GraphBuilder;
  readonly recorder: Recorder;
}

/** Handles and reads of the variables named, by state name. */
function variableRefs(
  graph: GraphBuilder,
  step: TrainingStep,
  names: readonly string[],
): Map<string, VariableRefs> {
  const dtype = type(DType.float32);
  return new Map(
    step.state.map(({ name, shape }, index) => {
      const handle = graph.add('VarHandleOp', [], {
        dtype,
        shape: { kind: 'shape', value: shape },
        container: { kind: 'string', value: '' },
        shared_name: { kind: 'string', value: names[index]! },
      });
      return [name, { handle, read: graph.add('ReadVariableOp', [handle], { dtype }) }];
    }),
  );
}

function scalarStandIns({ backend, step, graph, recorder }: Tracing): Record<string, Tensor> {
  const refs = rowScalars(graph, SCALARS, step.scalarNames.length);
  return Object.fromEntries(
    step.scalarNames.map((name, index) => {
      const id = backend.binding.createTensor([], DType.float32, [1]);
      return [name, standIn(backend, recorder, id, { ref: refs[index]!, dtype: DType.float32, shape: [] })];
    }),
  );
}

function stepStandIn({ backend, graph, recorder }: Tracing): Tensor {
  const ref = graph.binary('AddV2', FIRST_STEP, LOOP_INDEX, DType.int32);
  const id = backend.binding.createTensor([], DType.int32, [0]);
  return standIn(backend, recorder, id, { ref, dtype: DType.int32, shape: [] });
}

/** The recorded value of a tensor. */
function refOf({ backend, recorder }: Tracing, tensor: Tensor): Ref {
  return recorder.value(backend.idOf(tensor)).ref;
}

function scalarRef(tracing: Tracing, tensor: Tensor, name: string | undefined): Ref {
  if (tensor.size !== 1 || tensor.dtype !== 'float32') {
    throw new StudioError(
      'internal',
      `Tracer: metric ${name} is ${tensor.dtype} [${tensor.shape.join(', ')}], expected a float32 scalar`,
    );
  }
  return refOf(tracing, tensor.rank === 0 ? tensor : tf.reshape(tensor, []));
}

/** Records the update rule itself; new parameters and slots by name. */
function recordUpdates(tracing: Tracing, context: StepContext, result: StepResult): Map<string, Ref> {
  const next = new Map<string, Ref>();
  const { update } = tracing.step;
  for (const [name, gradient] of Object.entries(result.gradients)) {
    const slotNames = update.slots.map((slot) => `${name}/${slot}`);
    const slots = slotNames.map((slotName) => context.state[slotName]!);
    const fresh = update.apply({
      parameter: context.state[name]!,
      gradient,
      slots,
      scalars: context.scalars,
    });
    next.set(name, refOf(tracing, fresh.parameter));
    slotNames.forEach((slotName, i) => next.set(slotName, refOf(tracing, fresh.slots[i]!)));
  }
  return next;
}

interface Recorded {
  readonly metrics: readonly Ref[];
  readonly gradients: ReadonlyMap<string, Ref>;
  /** New values of state tensors, updates by plain operations included. */
  readonly next: ReadonlyMap<string, Ref>;
  readonly scalars: Readonly<Record<string, Ref>>;
}

function refsOf(tracing: Tracing, tensors: Readonly<Record<string, Tensor>>): Map<string, Ref> {
  return new Map(Object.entries(tensors).map(([name, tensor]) => [name, refOf(tracing, tensor)]));
}

/**
 * A separable step on each shard. Gradients and metrics come multiplied by the shard's share of the batch; buffers
 * follow from what is the same for all shards.
 */
function runShards({ step }: Tracing, contexts: readonly StepContext[]): StepResult {
  const results = contexts.map((context) => step.run(context));
  const [first, ...rest] = results;
  if (results.length === 1) return first!;
  tf.dispose(rest.map(({ buffers }) => ({ ...buffers })));
  const names = Object.keys(first!.gradients);
  return {
    gradients: Object.fromEntries(
      names.map((name) => [name, tf.addN(results.map(({ gradients }) => gradients[name]!))]),
    ),
    buffers: first!.buffers,
    metrics: first!.metrics.map((_, i) => tf.addN(results.map(({ metrics }) => metrics[i]!))),
  };
}

/** All shards' result, its gradients as the optimizer is to take them. */
function runWholeBatch(tracing: Tracing, contexts: readonly StepContext[]): StepResult {
  const result = runShards(tracing, contexts);
  const finish = tracing.step.finishGradients;
  return finish === undefined ? result : { ...result, gradients: finish(result.gradients) };
}

/** Runs the step once, op by op, and writes down what it did. */
function recordStep(tracing: Tracing, contexts: readonly StepContext[], fuse: boolean): Recorded {
  const context = contexts[0]!;
  return tracing.backend.binding.listen(tracing.recorder, () => {
    const result = runWholeBatch(tracing, contexts);
    const recorded = {
      metrics: result.metrics.map((metric, i) => scalarRef(tracing, metric, tracing.step.metricNames[i])),
      gradients: refsOf(tracing, result.gradients),
      next: new Map([
        ...refsOf(tracing, result.buffers),
        ...(fuse ? [] : recordUpdates(tracing, context, result)),
      ]),
      scalars: Object.fromEntries(refsOf(tracing, context.scalars)),
    };
    tf.dispose([result.metrics, result.gradients, result.buffers] as unknown as tf.TensorContainer);
    return recorded;
  });
}

/** Turns recorded updates into operations on variables. */
function applyToVariables(
  { step, graph }: Tracing,
  variables: Map<string, VariableRefs>,
  recorded: Recorded,
  fuse: boolean,
): Ref[] {
  const { gradients, next, metrics, scalars } = recorded;
  const live = graph.ancestors([...metrics, ...gradients.values(), ...next.values()]);
  const after = (name: string, update: Ref) => lateReaders(graph, live, variables.get(name)!.read, [update]);
  const assigned = [...next].map(([name, value]) =>
    assign(graph, variables.get(name)!, value, after(name, value)),
  );
  if (!fuse) return assigned;
  const fused = [...gradients].map(([name, gradient]) =>
    applyFused(graph, step.update.fused!, {
      parameter: variables.get(name)!,
      slots: step.update.slots.map((slot) => variables.get(`${name}/${slot}`)!),
      gradient,
      scalars,
      after: after(name, gradient),
    }),
  );
  return [...assigned, ...fused];
}

/** What the step sees of each shard: its own examples, and the same state, scalars and step. */
function shardContexts(
  tracing: Tracing,
  variables: Map<string, VariableRefs> | null,
  sums: ShardSums,
): StepContext[] {
  const { backend, graph, recorder, residents, shards } = tracing;
  const parts = shards > 1 ? sums.shards() : [null];
  const rowsPerShard = tracing.batchSize / shards;
  const shared = {
    state: stateStandIns(backend, recorder, tracing.step.state, (name) => variables?.get(name)?.read),
    scalars: scalarStandIns(tracing),
    step: stepStandIn(tracing),
    share: 1 / shards,
  };
  return batchRows(graph, shards).map((rows, index) => ({
    ...shared,
    ops: createNativeOps(backend, parts[index]),
    batch: batchStandIns(backend, graph, recorder, residents, rows, rowsPerShard),
  }));
}

/** Records one training step into a graph. */
export function traceTraining(trace: TrainingTrace): TracedTraining {
  const { backend, step, variableNames } = trace;
  const graph = new GraphBuilder();
  const recorder = new Recorder(backend.binding, graph);
  const tracing: Tracing = { ...trace, graph, recorder };
  const variables = variableNames && variableRefs(graph, step, variableNames);
  const fuse = variables !== null && step.update.fused !== null;
  tf.engine().startScope();
  try {
    const sums = new ShardSums(backend, graph, recorder, trace.shards);
    const recorded = recordStep(tracing, shardContexts(tracing, variables, sums), fuse);
    sums.connect();
    joinProducts(graph);
    poolFirst(graph, (ref) => recorder.shapeOf(ref));
    const effects = variables ? applyToVariables(tracing, variables, recorded, fuse) : [];
    const next = variables ? new Map<string, Ref>() : recorded.next;
    return { graph, flops: recorder.flops, metrics: recorded.metrics, next, effects: effects.map(nodeOf) };
  } finally {
    tf.engine().endScope();
  }
}
