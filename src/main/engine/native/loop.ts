import type { Binding, TensorMetadata } from './binding.ts';
import { DType, sizeOf } from './dtype.ts';
import { GraphBuilder, nodeOf, type, type GraphValue, type Ref } from './graph-builder.ts';
import { drawMasks } from './draw-masks.ts';
import type { MaskFunctions } from './mask-functions.ts';
import { registerFunction, type NativeFunction } from './native-function.ts';
import { orderSums } from './order-sums.ts';
import type { NodeDef } from './proto.ts';
import { usePlainKernels, type ScratchValue } from './xla-kernels.ts';

/** The value names that every loop has of itself. */
export const LOOP_INDEX = 'loop_index';
export const LOOP_COUNT = 'loop_count';

const INDEX: GraphValue = { ref: LOOP_INDEX, dtype: DType.int32, shape: [] };
const COUNT: GraphValue = { ref: LOOP_COUNT, dtype: DType.int32, shape: [] };

/** A loop over `count` iterations, all in one call of TensorFlow. */
export interface LoopDefinition {
  /** Of no other registered loop. */
  readonly name: string;
  /** The body: uses the parameters by their names, and {@link LOOP_INDEX}. */
  readonly graph: GraphBuilder;
  /** Parameters that stay the same. */
  readonly invariants: readonly GraphValue[];
  /** Parameters that each iteration replaces. */
  readonly carried: readonly GraphValue[];
  /** New values of `carried`, in order. */
  readonly next: readonly Ref[];
  /** Nodes that act on variables; they end before the next iteration begins. */
  readonly effects: readonly Ref[];
  readonly xla: boolean;
}

/** A registered loop. Parameters: count, invariants, carried; results: carried. */
export class Loop {
  readonly #binding: Binding;
  readonly #functions: readonly NativeFunction[];
  readonly #outputCount: number;
  readonly #scratch: readonly GraphValue[];

  /** @param scratch what it carries after all else, neither given nor returned; uint64 */
  constructor(
    binding: Binding,
    functions: readonly NativeFunction[],
    outputCount: number,
    scratch: readonly GraphValue[],
  ) {
    this.#binding = binding;
    this.#functions = functions;
    this.#outputCount = outputCount;
    this.#scratch = scratch;
  }

  get name(): string {
    return this.#functions[0]!.name;
  }

  /** Runs on a worker thread; inputs are borrowed, results belong to the caller. */
  async run(count: number, inputs: readonly number[]): Promise<TensorMetadata[]> {
    const binding = this.#binding;
    const countId = binding.createTensor([], DType.int32, [count]);
    const scratchIds = this.#scratch.map(({ dtype, shape }) =>
      binding.createTensor(shape, dtype, new BigUint64Array(sizeOf(shape))),
    );
    try {
      const all = [countId, ...inputs, ...scratchIds];
      const results = await binding.executeOpAsync(this.name, [], all, this.#outputCount + scratchIds.length);
      for (const { id } of results.splice(this.#outputCount)) binding.deleteTensor(id);
      return results;
    } finally {
      for (const id of [countId, ...scratchIds]) binding.deleteTensor(id);
    }
  }

  dispose(): void {
    for (const fn of this.#functions) fn.dispose();
  }
}

function registerCondition(binding: Binding, definition: LoopDefinition, values: readonly GraphValue[]) {
  const graph = new GraphBuilder();
  for (const value of values) graph.parameter(value);
  const less = graph.binary('Less', LOOP_INDEX, LOOP_COUNT, DType.int32);
  return registerFunction(binding, {
    name: `${definition.name}_condition`,
    nodes: graph.nodes,
    inputs: values.map(({ ref }) => ref),
    outputs: [less],
    library: [],
    xla: false,
  });
}

/** Only what the results and effects need. */
function liveNodes(graph: GraphBuilder, roots: readonly Ref[]): NodeDef[] {
  const live = graph.ancestors(roots);
  return graph.nodes.filter((node) => live.has(node.name) || node.op === 'Placeholder');
}

/** One iteration's work: from all values to the next index and the next carried values. */
function registerIteration(
  binding: Binding,
  definition: LoopDefinition,
  values: readonly GraphValue[],
  library: readonly NativeFunction[],
) {
  const { graph, next, effects } = definition;
  for (const value of values) graph.parameter(value);
  const following = graph.binary('AddV2', LOOP_INDEX, graph.int32([1]), DType.int32);
  const controls = effects.map((ref) => `^${nodeOf(ref)}`);
  const advance = graph.add('Identity', [following, ...controls], { T: type(DType.int32) });
  const outputs = [advance, ...next];
  return registerFunction(binding, {
    name: `${definition.name}_iteration`,
    nodes: orderSums(liveNodes(graph, outputs)),
    inputs: values.map(({ ref }) => ref),
    outputs,
    library,
    xla: false,
  });
}

/**
 * The loop's body calls the iteration as a function of its own: TensorFlow applies its graph optimisations
 * (oneDNN's layouts and fusions among them) to called functions, not to the body of a While itself.
 */
function registerBody(
  binding: Binding,
  definition: LoopDefinition,
  values: readonly GraphValue[],
  iteration: NativeFunction,
): NativeFunction {
  const graph = new GraphBuilder();
  const { invariants, carried, effects } = definition;
  for (const value of values) graph.parameter(value);
  const call = graph.add(
    effects.length > 0 ? 'StatefulPartitionedCall' : 'PartitionedCall',
    values.map(({ ref }) => ref),
    {
      Tin: { kind: 'types', value: values.map(({ dtype }) => dtype) },
      Tout: { kind: 'types', value: [DType.int32, ...carried.map(({ dtype }) => dtype)] },
      f: { kind: 'function', value: iteration.name },
    },
  );
  return registerFunction(binding, {
    name: `${definition.name}_body`,
    nodes: graph.nodes,
    inputs: values.map(({ ref }) => ref),
    outputs: [
      call,
      LOOP_COUNT,
      ...invariants.map(({ ref }) => ref),
      ...carried.map((_, index) => `${call}:${index + 1}`),
    ],
    library: [iteration],
    xla: false,
  });
}

function registerOuter(
  binding: Binding,
  definition: LoopDefinition,
  values: readonly GraphValue[],
  library: readonly [condition: NativeFunction, body: NativeFunction, iteration: NativeFunction],
): NativeFunction {
  const [condition, body] = library;
  const graph = new GraphBuilder();
  const parameters = values.filter((value) => value !== INDEX);
  for (const value of parameters) graph.parameter(value);
  const loop = graph.add(
    definition.effects.length > 0 ? 'While' : 'StatelessWhile',
    [graph.int32([0]), ...parameters.map(({ ref }) => ref)],
    {
      T: { kind: 'types', value: values.map(({ dtype }) => dtype) },
      output_shapes: { kind: 'shapes', value: values.map(({ shape }) => shape) },
      cond: { kind: 'function', value: condition.name },
      body: { kind: 'function', value: body.name },
      parallel_iterations: { kind: 'int', value: 1 },
    },
  );
  const first = values.length - definition.carried.length;
  return registerFunction(binding, {
    name: definition.name,
    nodes: graph.nodes,
    inputs: parameters.map(({ ref }) => ref),
    outputs: definition.carried.map((_, index) => `${loop}:${first + index}`),
    library,
    xla: definition.xla,
  });
}

function withScratch(definition: LoopDefinition, scratch: readonly ScratchValue[]): LoopDefinition {
  const { carried, next } = definition;
  return {
    ...definition,
    carried: [...carried, ...scratch.map(({ parameter }) => parameter)],
    next: [...next, ...scratch.map((value) => value.next)],
  };
}

/**
 * Registers a loop: TensorFlow's While around the body, one function in all, compiled by XLA or run by the graph
 * executor. The caller disposes of it.
 * @param masks draws what the graph executor would draw slowly; null to leave it
 */
export function registerLoop(binding: Binding, given: LoopDefinition, masks: MaskFunctions | null): Loop {
  const called = given.xla || masks === null ? [] : drawMasks(given.graph, masks);
  const scratch = given.xla ? usePlainKernels(given.graph) : [];
  const definition = withScratch(given, scratch);
  const values = [INDEX, COUNT, ...definition.invariants, ...definition.carried];
  const made: NativeFunction[] = [];
  const keep = (fn: NativeFunction): NativeFunction => {
    made.unshift(fn);
    return fn;
  };
  try {
    const condition = keep(registerCondition(binding, definition, values));
    const iteration = keep(registerIteration(binding, definition, values, called));
    const body = keep(registerBody(binding, definition, values, iteration));
    keep(registerOuter(binding, definition, values, [condition, body, iteration]));
    return new Loop(
      binding,
      made,
      given.carried.length,
      scratch.map(({ parameter }) => parameter),
    );
  } catch (error) {
    for (const fn of made) fn.dispose();
    throw error;
  }
}
