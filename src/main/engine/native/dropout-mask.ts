import type { Tensor } from '@tensorflow/tfjs-core';
import { WORDS_AT_ONCE } from '../../../shared/random/philox.ts';
import type { RandomKey } from '../engine.ts';
import { typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType, type Binding, type OpAttribute } from './binding.ts';
import { DType, sizeOf } from './dtype.ts';

const PHILOX = 1;
const WORDS = 0x1_0000_0000;

/** Runs operations on tensors of types that tfjs does not know, and frees them all in the end but the kept. */
export class RawScope {
  readonly #binding: Binding;
  readonly #ids: number[] = [];

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  constant(
    shape: readonly number[],
    dtype: number,
    values: readonly number[] | BigUint64Array | Uint32Array,
  ): number {
    return this.#own(this.#binding.createTensor(shape, dtype, values));
  }

  run(name: string, attributes: readonly OpAttribute[], inputs: readonly number[]): number {
    return this.#own(this.#binding.executeOp(name, attributes, inputs, 1)[0]!.id);
  }

  #own(id: number): number {
    this.#ids.push(id);
    return id;
  }

  freeAllBut(kept: number): void {
    for (const id of this.#ids) if (id !== kept) this.#binding.deleteTensor(id);
  }
}

/** Philox words of a step, uint32 in `shape`: word i is word i % 4 of philox(key, [firstGroup + i / 4, 0, step, 0]). */
export function randomWords(
  scope: RawScope,
  shape: readonly number[],
  [low, high]: RandomKey,
  step: number,
  firstGroup: number,
): number {
  const key = (BigInt(high) << 32n) | BigInt(low);
  const counterHigh = scope.run(
    'Cast',
    [typeAttribute('SrcT', DType.int32), typeAttribute('DstT', DType.uint64)],
    [step],
  );
  const counter = scope.run(
    'Pack',
    [
      typeAttribute('T', DType.uint64),
      { name: 'N', type: AttributeType.int, value: 2 },
      { name: 'axis', type: AttributeType.int, value: 0 },
    ],
    [scope.constant([], DType.uint64, BigUint64Array.of(BigInt(firstGroup))), counterHigh],
  );
  return scope.run(
    'StatelessRandomUniformFullIntV2',
    [typeAttribute('dtype', DType.uint32), typeAttribute('Tshape', DType.int32)],
    [
      scope.constant([shape.length], DType.int32, shape),
      scope.constant([1], DType.uint64, BigUint64Array.of(key)),
      counter,
      scope.constant([], DType.int32, [PHILOX]),
    ],
  );
}

/** 0 where a random word is below the threshold (uint32), else the factor (float32); both may be of every word's own. */
export function keptFactors(scope: RawScope, words: number, threshold: number, factor: number): number {
  const kept = scope.run('GreaterEqual', [typeAttribute('T', DType.uint32)], [words, threshold]);
  const ones = scope.run(
    'Cast',
    [typeAttribute('SrcT', DType.bool), typeAttribute('DstT', DType.float32)],
    [kept],
  );
  return scope.run('Mul', [typeAttribute('T', DType.float32)], [ones, factor]);
}

/**
 * Factors of inverted dropout, float32 in `shape`: 0 where the element's random word is below rate * 2^32, else
 * 1 / (1 - rate). Made of graph operations alone, so that a traced mask changes with `step` (int32 scalar).
 * A batch's mask in parts of one size is that of the whole, where the size is a multiple of {@link WORDS_AT_ONCE}.
 * @param part number of the part, from 0
 * The result belongs to tfjs's current scope.
 */
export function dropoutMask(
  backend: NativeBackend,
  shape: readonly number[],
  rate: number,
  key: RandomKey,
  step: Tensor,
  part: number,
): Tensor {
  const scope = new RawScope(backend.binding);
  let result = -1;
  try {
    const firstGroup = (part * sizeOf(shape)) / WORDS_AT_ONCE;
    const words = randomWords(scope, shape, key, backend.idOf(step), firstGroup);
    const threshold = scope.constant([], DType.uint32, Uint32Array.of(Math.round(rate * WORDS)));
    const factor = scope.constant([], DType.float32, [1 / (1 - rate)]);
    result = keptFactors(scope, words, threshold, factor);
    return backend.adopt(result);
  } finally {
    scope.freeAllBut(result);
  }
}
