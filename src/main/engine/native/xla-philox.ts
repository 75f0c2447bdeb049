import { WORDS_AT_ONCE } from './dropout-mask.ts';
import { DType, sizeOf } from './dtype.ts';
import { nodeOf, type, type GraphBuilder, type Ref } from './graph-builder.ts';
import type { NodeDef } from './proto.ts';

/** Philox4x32-10's constants (Salmon et al. 2011), as in `shared/random/philox.ts`. */
const MULTIPLIER_A = 0xd251_1f53n;
const MULTIPLIER_B = 0xcd9e_8d57n;
const KEY_STEP_A = 0x9e37_79b9n;
const KEY_STEP_B = 0xbb67_ae85n;
const ROUNDS = 10;
const LOW_WORD = 0xffff_ffffn;
const WORD_BITS = 32n;

const MOST_INT32 = 2 ** 31 - 1;

/** A stateless draw's constants; the step is the one value that changes. */
interface Draw {
  readonly shape: readonly number[];
  readonly key: bigint;
  readonly firstGroup: number;
  /** uint64 scalar. */
  readonly step: Ref;
}

/** Words drawn by plain operations. */
export interface PlainWords {
  /** Takes the place of the node that drew them. */
  readonly node: NodeDef;
  /** uint64 vectors that the words are parts of: their values are to be kept in memory, see {@link drawPlainly}. */
  readonly pairs: readonly Ref[];
  /** Elements of each of `pairs`. */
  readonly groups: number;
}

function constantOf(graph: GraphBuilder, ref: Ref | undefined): DataView | null {
  const value = ref === undefined ? undefined : graph.node(nodeOf(ref))?.attributes.value;
  if (value?.kind !== 'tensor') return null;
  const { buffer, byteOffset, byteLength } = value.content;
  return new DataView(buffer, byteOffset, byteLength);
}

/** What `randomWords` has recorded; null for a draw of another kind. */
function readDraw(graph: GraphBuilder, { inputs }: NodeDef): Draw | null {
  const [shapeRef, keyRef, counterRef] = inputs;
  const counter = graph.node(nodeOf(counterRef!));
  const [shape, key] = [constantOf(graph, shapeRef), constantOf(graph, keyRef)];
  const first = counter?.op === 'Pack' ? constantOf(graph, counter.inputs[0]) : null;
  if (shape === null || key === null || first === null) return null;
  return {
    shape: Array.from({ length: shape.byteLength / 4 }, (_, axis) => shape.getInt32(4 * axis, true)),
    key: key.getBigUint64(0, true),
    firstGroup: Number(first.getBigUint64(0, true)),
    step: counter!.inputs[1]!,
  };
}

/** Arithmetic on uint64 values of a graph. */
class Unsigned {
  readonly #graph: GraphBuilder;
  readonly #bits: Ref;

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
    this.#bits = this.#number(WORD_BITS);
  }

  #number(value: bigint): Ref {
    return this.#graph.constant(DType.uint64, [], BigUint64Array.of(value));
  }

  #apply(op: string, a: Ref, b: Ref): Ref {
    return this.#graph.binary(op, a, b, DType.uint64);
  }

  times(value: Ref, factor: bigint): Ref {
    return this.#apply('Mul', value, this.#number(factor));
  }

  low(value: Ref): Ref {
    return this.#apply('BitwiseAnd', value, this.#number(LOW_WORD));
  }

  high(value: Ref): Ref {
    return this.#apply('RightShift', value, this.#bits);
  }

  /** One value of two words. */
  join(low: Ref, high: Ref): Ref {
    return this.#apply('BitwiseOr', low, this.#apply('LeftShift', high, this.#bits));
  }

  /** high(product) ^ word ^ key; null for a word that is 0. */
  mix(product: Ref, word: Ref | null, key: bigint): Ref {
    const keyed = this.#apply('BitwiseXor', this.high(product), this.#number(key));
    return word === null ? keyed : this.#apply('BitwiseXor', keyed, word);
  }
}

/** The four words of each group as two uint64 vectors [groups]: words 0 and 1, words 2 and 3, the first in the low half. */
function drawPairs(graph: GraphBuilder, { key, firstGroup, step }: Draw, groups: number): [Ref, Ref] {
  const math = new Unsigned(graph);
  const range = [firstGroup, firstGroup + groups, 1].map((value) => graph.int32([value]));
  const group = graph.add('Range', range, { Tidx: type(DType.int32) });
  let [even, odd]: [Ref, Ref] = [graph.cast(group, DType.int32, DType.uint64), step];
  let [evenLow, oddLow]: [Ref | null, Ref | null] = [null, null];
  let [keyA, keyB] = [key & LOW_WORD, key >> WORD_BITS];
  for (let round = 1; ; round++) {
    const [productA, productB] = [math.times(even, MULTIPLIER_A), math.times(odd, MULTIPLIER_B)];
    [even, odd] = [math.mix(productB, evenLow, keyA), math.mix(productA, oddLow, keyB)];
    if (round === ROUNDS) return [math.join(even, productB), math.join(odd, productA)];
    [evenLow, oddLow] = [math.low(productB), math.low(productA)];
    [keyA, keyB] = [(keyA + KEY_STEP_A) & LOW_WORD, (keyB + KEY_STEP_B) & LOW_WORD];
  }
}

/** uint64 vectors [groups] as uint32 [4 * groups], low halves first. */
function wordsOf(graph: GraphBuilder, pairs: readonly Ref[], groups: number): Ref {
  const math = new Unsigned(graph);
  const truncated = pairs
    .flatMap((pair) => [pair, math.high(pair)])
    .map((value) => graph.cast(value, DType.uint64, DType.uint32));
  const words = graph.add('Pack', truncated, {
    T: type(DType.uint32),
    N: { kind: 'int', value: WORDS_AT_ONCE },
    axis: { kind: 'int', value: 1 },
  });
  return graph.reshape(words, DType.uint32, [WORDS_AT_ONCE * groups]);
}

function firstOf(graph: GraphBuilder, words: Ref, count: number): Ref {
  const [begin, size] = [graph.int32([0], [1]), graph.int32([count], [1])];
  return graph.add('Slice', [words, begin, size], { T: type(DType.uint32), Index: type(DType.int32) });
}

/**
 * The words of a `StatelessRandomUniformFullIntV2` by operations that XLA computes eight or four at a time. Its own generator
 * puts the four words of a group together in one loop, in which each word is computed by all rounds and by itself: a third
 * of a small net's step. Two words that come from one product stay together in a uint64 here; for XLA not to compute them anew
 * wherever they are used, they must be results, as what a loop carries is.
 * @returns null for a draw that `randomWords` has not recorded; the graph is then as it was
 */
export function drawPlainly(graph: GraphBuilder, node: NodeDef): PlainWords | null {
  const draw = readDraw(graph, node);
  if (draw === null) return null;
  const count = sizeOf(draw.shape);
  const groups = Math.ceil(count / WORDS_AT_ONCE);
  if (draw.firstGroup + groups > MOST_INT32) return null;
  const pairs = drawPairs(graph, draw, groups);
  const words = firstOf(graph, wordsOf(graph, pairs, groups), count);
  const shaped = graph.node(graph.reshape(words, DType.uint32, draw.shape))!;
  return { node: { ...shaped, name: node.name }, pairs, groups };
}
