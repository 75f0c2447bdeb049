import type { Tensor } from '@tensorflow/tfjs-core';
import { WORDS_AT_ONCE } from '../../../shared/random/philox.ts';
import type { RandomKey } from '../engine.ts';
import { typeAttribute, type NativeBackend } from './backend.ts';
import { DType, sizeOf } from './dtype.ts';
import { randomWords, RawScope } from './dropout-mask.ts';

/** A float32 has 24 bits for a number in [0, 1); the words have 32. */
const UNUSED_BITS = 8;

/**
 * Numbers uniform in [0, 1), float32 in `shape`: the upper 24 bits of each random word times 2^-24. Made of graph
 * operations alone, as {@link dropoutMask}.
 * @param part number of the part of the batch, from 0; `shape` is the part's
 * The result belongs to tfjs's current scope.
 */
export function randomUniform(
  backend: NativeBackend,
  shape: readonly number[],
  key: RandomKey,
  step: Tensor,
  part: number,
): Tensor {
  const scope = new RawScope(backend.binding);
  let result = -1;
  try {
    const firstGroup = (part * sizeOf(shape)) / WORDS_AT_ONCE;
    const words = randomWords(scope, shape, key, backend.idOf(step), firstGroup);
    const shift = scope.constant([], DType.uint32, Uint32Array.of(UNUSED_BITS));
    const bits = scope.run('RightShift', [typeAttribute('T', DType.uint32)], [words, shift]);
    const whole = scope.run(
      'Cast',
      [typeAttribute('SrcT', DType.uint32), typeAttribute('DstT', DType.float32)],
      [bits],
    );
    const unit = scope.constant([], DType.float32, [2 ** -24]);
    result = scope.run('Mul', [typeAttribute('T', DType.float32)], [whole, unit]);
    return backend.adopt(result);
  } finally {
    scope.freeAllBut(result);
  }
}
