import { WORDS_AT_ONCE } from '../../../shared/random/philox.ts';
import type { Binding } from './binding.ts';
import { DType } from './dtype.ts';
import { GraphBuilder, type, type GraphValue, type Ref } from './graph-builder.ts';
import { registerFunction, type NativeFunction } from './native-function.ts';
import { philoxWords } from './philox-graph.ts';

const KEY: GraphValue = { ref: 'key', dtype: DType.uint64, shape: [1] };
const COUNTER: GraphValue = { ref: 'counter', dtype: DType.uint64, shape: [2] };
const THRESHOLD: GraphValue = { ref: 'threshold', dtype: DType.uint32, shape: [] };
const FACTOR: GraphValue = { ref: 'factor', dtype: DType.float32, shape: [] };
/** In the order in which a mask function takes them. */
const PARAMETERS = [KEY, COUNTER, THRESHOLD, FACTOR];

/** Types of a mask function's parameters and results, in order. */
export const MASK_TYPES = {
  parameters: PARAMETERS.map(({ dtype }) => dtype),
  /** The bits are there so that XLA draws each word once: it would draw again for every use of what is no result. */
  results: [DType.float32, DType.uint32],
};

/** Bit i of each group's number says that its element i is kept: uint32 [groups]. */
function keptBits(graph: GraphBuilder, groups: number): Ref {
  const threshold = graph.cast(THRESHOLD.ref, DType.uint32, DType.uint64);
  const bits = philoxWords(graph, KEY.ref, COUNTER.ref, groups).map((word, place) => {
    const kept = graph.binary('GreaterEqual', word, threshold, DType.uint64);
    const bit = graph.constant(DType.uint32, [], Uint32Array.of(1 << place));
    const none = graph.constant(DType.uint32, [], Uint32Array.of(0));
    return graph.add('SelectV2', [kept, bit, none], { T: type(DType.uint32) });
  });
  return bits.reduce((all, bit) => graph.binary('BitwiseOr', all, bit, DType.uint32));
}

/** The factor where an element is kept, else 0: float32 [groups, 4]. */
function factors(graph: GraphBuilder, bits: Ref, groups: number): Ref {
  const places = Uint32Array.from({ length: WORDS_AT_ONCE }, (_, place) => 1 << place);
  const own = graph.binary(
    'BitwiseAnd',
    graph.reshape(bits, DType.uint32, [groups, 1]),
    graph.constant(DType.uint32, [1, WORDS_AT_ONCE], places),
    DType.uint32,
  );
  const dropped = graph.add('Equal', [own, graph.constant(DType.uint32, [], Uint32Array.of(0))], {
    T: type(DType.uint32),
    incompatible_shape_error: { kind: 'bool', value: true },
  });
  return graph.add('SelectV2', [dropped, graph.float32(0), FACTOR.ref], { T: type(DType.float32) });
}

function registerMask(binding: Binding, groups: number): NativeFunction {
  const graph = new GraphBuilder();
  for (const value of PARAMETERS) graph.parameter(value);
  const bits = keptBits(graph, groups);
  const mask = factors(graph, bits, groups);
  return registerFunction(binding, {
    name: `epoch_mask_${groups}`,
    nodes: graph.nodes,
    inputs: PARAMETERS.map(({ ref }) => ref),
    outputs: [mask, bits],
    library: [],
    xla: true,
  });
}

/**
 * Functions compiled by XLA that draw dropout masks, one for each size, which all loops share: float32 [groups, 4] of a
 * key, a counter, a threshold and a factor, as `dropoutMask` makes them.
 */
export class MaskFunctions {
  readonly #binding: Binding;
  readonly #bySize = new Map<number, NativeFunction>();

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** Draws so many times four elements. */
  take(groups: number): NativeFunction {
    const known = this.#bySize.get(groups);
    if (known !== undefined) return known;
    const made = registerMask(this.#binding, groups);
    this.#bySize.set(groups, made);
    return made;
  }

  dispose(): void {
    for (const fn of this.#bySize.values()) fn.dispose();
    this.#bySize.clear();
  }
}
