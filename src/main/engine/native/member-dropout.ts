import type { Tensor } from '@tensorflow/tfjs-core';
import type { MemberRates, RandomKey } from '../engine.ts';
import { typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType } from './binding.ts';
import { keptFactors, randomWords, RawScope } from './dropout-mask.ts';
import { DType } from './dtype.ts';

const HALF_BITS = 16;

/** round(rate * 2^32) of each member from its halves, uint32 [members, 1, 1]. */
function thresholds(backend: NativeBackend, scope: RawScope, { high, low }: MemberRates): number {
  const whole = (half: Tensor): number =>
    scope.run(
      'Cast',
      [typeAttribute('SrcT', DType.float32), typeAttribute('DstT', DType.uint32)],
      [backend.idOf(half)],
    );
  const word = [typeAttribute('T', DType.uint32)];
  const bits = scope.constant([], DType.uint32, Uint32Array.of(HALF_BITS));
  return scope.run('BitwiseOr', word, [scope.run('LeftShift', word, [whole(high), bits]), whole(low)]);
}

/** Words of each member, uint32 [members, rows, units], or [1, rows, units] where all have the same; drawn once a key. */
function memberWords(
  scope: RawScope,
  [, rows, units]: readonly number[],
  keys: readonly RandomKey[],
  step: number,
): number {
  const drawn = new Map<string, number>();
  const wordsOf = (key: RandomKey): number => {
    const known = drawn.get(key.join());
    if (known !== undefined) return known;
    const words = randomWords(scope, [rows!, units!], key, step, 0);
    drawn.set(key.join(), words);
    return words;
  };
  const all = keys.map(wordsOf);
  const each = drawn.size === 1 ? all.slice(0, 1) : all;
  const attributes = [
    typeAttribute('T', DType.uint32),
    { name: 'N', type: AttributeType.int, value: each.length },
    { name: 'axis', type: AttributeType.int, value: 0 },
  ];
  return scope.run('Pack', attributes, each);
}

/**
 * Factors of inverted dropout for many nets at once, float32 in `shape` [members, rows, units]: each member's are those
 * that `dropoutMask` gives for its own key and rate. The rates are values of the graph, so that other nets may take the
 * members' places. The result belongs to tfjs's current scope.
 */
export function memberDropoutMask(
  backend: NativeBackend,
  shape: readonly number[],
  keys: readonly RandomKey[],
  rates: MemberRates,
  step: Tensor,
): Tensor {
  const scope = new RawScope(backend.binding);
  let result = -1;
  try {
    const words = memberWords(scope, shape, keys, backend.idOf(step));
    const least = thresholds(backend, scope, rates);
    result = keptFactors(scope, words, least, backend.idOf(rates.factor));
    return backend.adopt(result);
  } finally {
    scope.freeAllBut(result);
  }
}
