import { WORDS_AT_ONCE } from '../../../shared/random/philox.ts';
import { DType, sizeOf } from './dtype.ts';
import { nodeOf, type, type GraphBuilder, type GraphValue, type Ref } from './graph-builder.ts';
import type { NodeDef } from './proto.ts';

/** Words that a uint64 holds. */
const WORDS_OF_A_PAIR = 2;
const WORD_BITS = 32n;

/** Random words drawn two at a time. */
export interface PairedWords {
  /** Takes the place of the node that drew them one by one. */
  readonly node: NodeDef;
  /** uint64 values that the words are halves of; they are to be results, see {@link drawInPairs}. */
  readonly pairs: Ref;
  readonly pairsShape: GraphValue['shape'];
}

/** The bytes of a constant; null for a value that is computed. */
export function constantBytes(graph: GraphBuilder, ref: Ref): Uint8Array | null {
  const value = graph.node(nodeOf(ref))?.attributes.value;
  return value?.kind === 'tensor' ? value.content : null;
}

/** A constant shape; null for one that is computed. */
export function constantShape(graph: GraphBuilder, ref: Ref): readonly number[] | null {
  const bytes = constantBytes(graph, ref);
  if (bytes === null) return null;
  const { buffer, byteOffset, byteLength } = bytes;
  return [...new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT)];
}

/** uint64 [groups, 2] as uint32 [4 * groups], low halves first. */
function wordsOf(graph: GraphBuilder, pairs: Ref, groups: number): Ref {
  const bits = graph.constant(DType.uint64, [], BigUint64Array.of(WORD_BITS));
  const halves = [pairs, graph.binary('RightShift', pairs, bits, DType.uint64)];
  const words = graph.add(
    'Pack',
    halves.map((half) => graph.cast(half, DType.uint64, DType.uint32)),
    {
      T: type(DType.uint32),
      N: { kind: 'int', value: halves.length },
      axis: { kind: 'int', value: 2 },
    },
  );
  return graph.reshape(words, DType.uint32, [groups * WORDS_AT_ONCE]);
}

/** The first elements of a vector. */
export function firstOf(graph: GraphBuilder, vector: Ref, dtype: number, count: number): Ref {
  const [begin, size] = [graph.int32([0], [1]), graph.int32([count], [1])];
  return graph.add('Slice', [vector, begin, size], { T: type(dtype), Index: type(DType.int32) });
}

/**
 * The uint32 words of a `StatelessRandomUniformFullIntV2` as halves of uint64 ones, which are the same bits. XLA computes the
 * parts of a group of words in one loop, each by all of Philox's rounds: of two parts it makes vector instructions, of
 * four it does not, which then is a third of a small net's step. It would compute the pairs anew wherever a word is used; they
 * must be results for it to keep them in memory, as what a loop carries is.
 * @returns null for words of another type, or whose shape is not known; the graph is then as it was
 */
export function drawInPairs(graph: GraphBuilder, { name, attributes, inputs }: NodeDef): PairedWords | null {
  const shape = constantShape(graph, inputs[0]!);
  const { dtype } = attributes;
  if (shape === null || dtype?.kind !== 'type' || dtype.value !== DType.uint32) return null;
  const count = sizeOf(shape);
  const groups = Math.ceil(count / WORDS_AT_ONCE);
  const pairsShape = [groups, WORDS_AT_ONCE / WORDS_OF_A_PAIR];
  const size = graph.int32(pairsShape, [pairsShape.length]);
  const pairs = graph.add('StatelessRandomUniformFullIntV2', [size, ...inputs.slice(1)], {
    ...attributes,
    dtype: type(DType.uint64),
  });
  const words = firstOf(graph, wordsOf(graph, pairs, groups), DType.uint32, count);
  const shaped = graph.node(graph.reshape(words, DType.uint32, shape))!;
  return { node: { ...shaped, name }, pairs, pairsShape };
}
