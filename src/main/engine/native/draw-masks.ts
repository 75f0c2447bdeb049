import { WORDS_AT_ONCE } from '../../../shared/random/philox.ts';
import { DType, sizeOf } from './dtype.ts';
import type { GraphBuilder, Ref } from './graph-builder.ts';
import { MASK_TYPES, type MaskFunctions } from './mask-functions.ts';
import type { NativeFunction } from './native-function.ts';
import type { NodeDef } from './proto.ts';
import { constantShape, firstOf } from './xla-words.ts';

/** Fewer words are drawn before XLA's function has begun. */
const LEAST_WORDS = 16_384;

/** The nodes that make a mask of random words. */
interface Mask {
  readonly words: NodeDef;
  /** The words' shape. */
  readonly shape: readonly number[];
  readonly threshold: Ref;
  readonly factor: Ref;
  /** The product that is the mask. */
  readonly product: NodeDef;
}

function onlyReader(graph: GraphBuilder, name: string, op: string): NodeDef | null {
  const readers = graph.readers(name);
  return readers.length === 1 && readers[0]!.op === op ? readers[0]! : null;
}

/** The mask that random words are drawn for; null where they are not drawn for one, or are few. */
function maskOf(graph: GraphBuilder, words: NodeDef): Mask | null {
  const { dtype } = words.attributes;
  const shape = constantShape(graph, words.inputs[0]!);
  if (dtype?.kind !== 'type' || dtype.value !== DType.uint32) return null;
  if (shape === null || sizeOf(shape) < LEAST_WORDS) return null;
  const kept = onlyReader(graph, words.name, 'GreaterEqual');
  const ones = kept && onlyReader(graph, kept.name, 'Cast');
  const product = ones && onlyReader(graph, ones.name, 'Mul');
  if (!product || kept.inputs[0] !== words.name || product.inputs[0] !== ones.name) return null;
  return { words, shape, threshold: kept.inputs[1]!, factor: product.inputs[1]!, product };
}

/** What a function compiled by XLA draws: float32 [groups, 4]. */
function call(graph: GraphBuilder, { words, threshold, factor }: Mask, drawing: NativeFunction): Ref {
  const [, key, counter] = words.inputs as [Ref, Ref, Ref];
  return graph.add('PartitionedCall', [key, counter, threshold, factor], {
    Tin: { kind: 'types', value: MASK_TYPES.parameters },
    Tout: { kind: 'types', value: MASK_TYPES.results },
    f: { kind: 'function', value: drawing.name },
    _XlaMustCompile: { kind: 'bool', value: true },
  });
}

/**
 * Has XLA draw large dropout masks in a graph that TensorFlow's executor runs: the same bits. TensorFlow's own kernel
 * computes a group of words at a time, each round waiting for the one before, and compares, casts and multiplies in a pass
 * each; XLA does several groups at once and all in one pass.
 * @returns the functions that the graph now calls
 */
export function drawMasks(graph: GraphBuilder, functions: MaskFunctions): NativeFunction[] {
  const called = new Set<NativeFunction>();
  for (const node of graph.nodes) {
    const mask = node.op === 'StatelessRandomUniformFullIntV2' ? maskOf(graph, node) : null;
    if (mask === null) continue;
    const count = sizeOf(mask.shape);
    const drawing = functions.take(Math.ceil(count / WORDS_AT_ONCE));
    called.add(drawing);
    const flat = graph.reshape(call(graph, mask, drawing), DType.float32, [-1]);
    const wanted = firstOf(graph, flat, DType.float32, count);
    const shaped = graph.node(graph.reshape(wanted, DType.float32, mask.shape))!;
    graph.replace({ ...shaped, name: mask.product.name });
  }
  return [...called];
}
