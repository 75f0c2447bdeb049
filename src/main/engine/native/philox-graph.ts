import { KEY_STEP_A, KEY_STEP_B, MULTIPLIER_A, MULTIPLIER_B, ROUNDS } from '../../../shared/random/philox.ts';
import { DType } from './dtype.ts';
import { type, type GraphBuilder, type Ref } from './graph-builder.ts';

const WORD_BITS = 32;
const WORD = 0xffff_ffff;

/** Operations on uint64, each of whose elements holds a word of 32 bits or a product of two. */
class Words {
  readonly #graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  #constant(value: number): Ref {
    return this.#graph.constant(DType.uint64, [], BigUint64Array.of(BigInt(value)));
  }

  #two(op: string, a: Ref, b: Ref): Ref {
    return this.#graph.binary(op, a, b, DType.uint64);
  }

  xor(a: Ref, b: Ref): Ref {
    return this.#two('BitwiseXor', a, b);
  }

  low(a: Ref): Ref {
    return this.#two('BitwiseAnd', a, this.#constant(WORD));
  }

  high(a: Ref): Ref {
    return this.#two('RightShift', a, this.#constant(WORD_BITS));
  }

  times(a: Ref, factor: number): Ref {
    return this.#two('Mul', a, this.#constant(factor));
  }

  plus(a: Ref, b: Ref): Ref {
    return this.#two('AddV2', a, b);
  }

  /** Without the carry. */
  plusWord(a: Ref, word: number): Ref {
    return this.low(this.plus(a, this.#constant(word)));
  }
}

/** Element `index` of a vector of uint64. */
function element(graph: GraphBuilder, vector: Ref, index: number): Ref {
  return graph.add('GatherV2', [vector, graph.int32([index]), graph.int32([0])], {
    Tparams: type(DType.uint64),
    Tindices: type(DType.int32),
    Taxis: type(DType.int32),
    batch_dims: { kind: 'int', value: 0 },
  });
}

/**
 * The words of Philox 4x32-10 (Salmon et al. 2011, as `shared/random/philox.ts`) in operations that XLA makes one loop of: of
 * each group of four words the first, the second, the third and the fourth, uint64 [groups]. Written out so that every
 * step is a vector instruction on any processor; XLA's own generator goes back and forth between words of 32 and of 64
 * bits, which without AVX-512 takes longer than the arithmetic.
 * @param key uint64 [1]
 * @param counter uint64 [2], the first group's number and what all groups share
 */
export function philoxWords(graph: GraphBuilder, key: Ref, counter: Ref, groups: number): Ref[] {
  const words = new Words(graph);
  const range = graph.add('Range', [graph.int32([0]), graph.int32([groups]), graph.int32([1])], {
    Tidx: type(DType.int32),
  });
  const numbers = words.plus(element(graph, counter, 0), graph.cast(range, DType.int32, DType.uint64));
  const shared = element(graph, counter, 1);
  const whole = element(graph, key, 0);
  let [a, b, c, d] = [words.low(numbers), words.high(numbers), words.low(shared), words.high(shared)];
  let keys = [words.low(whole), words.high(whole)] as const;
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = [words.times(a, MULTIPLIER_A), words.times(c, MULTIPLIER_B)];
    [a, b, c, d] = [
      words.xor(words.xor(words.high(second), b), keys[0]),
      words.low(second),
      words.xor(words.xor(words.high(first), d), keys[1]),
      words.low(first),
    ];
    keys = [words.plusWord(keys[0], KEY_STEP_A), words.plusWord(keys[1], KEY_STEP_B)];
  }
  return [a, b, c, d];
}
