import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { EngineOps } from '../engine.ts';
import { FLOAT, typeAttribute, type NativeBackend } from './backend.ts';
import { makeBatchNorm, type CentredGradients } from './batch-norm.ts';
import { customOp } from './custom-op.ts';
import { dropoutMask } from './dropout-mask.ts';
import { DType } from './dtype.ts';
import { memberDropoutMask } from './member-dropout.ts';
import { randomUniform } from './random-uniform.ts';
import type { Shard } from './shard.ts';

/** [..., channels] as [rows, channels]. */
function asRows(x: Tensor): Tensor {
  return x.rank === 2 ? x : tf.reshape(x, [-1, x.shape.at(-1)!]);
}

function makeBiasAdd(backend: NativeBackend, centred: CentredGradients): EngineOps['biasAdd'] {
  // As rows, so that TensorFlow does not make it a part of the convolution's gradient, where it takes longer.
  const sumOfRows = (dy: Tensor): Tensor => backend.run('BiasAddGrad', [FLOAT], [asRows(dy)])[0]!;
  const op = customOp(([x, bias], save) => {
    save([bias!]);
    return {
      value: backend.run('BiasAdd', [FLOAT], [x!, bias!])[0]!,
      gradFunc: (dy, saved) => [dy, centred.has(dy) ? tf.zerosLike(saved[0]!) : sumOfRows(dy)],
    };
  });
  return (x, bias) => op(x, bias);
}

function makeSparseSoftmaxCrossEntropy(backend: NativeBackend): EngineOps['sparseSoftmaxCrossEntropy'] {
  const attributes = [FLOAT, typeAttribute('Tlabels', DType.int32)];
  return (logits, labels) => {
    const op = customOp(([scores], save) => {
      const [loss, gradient] = backend.run(
        'SparseSoftmaxCrossEntropyWithLogits',
        attributes,
        [scores!, labels],
        2,
      );
      save([gradient!]);
      return { value: loss!, gradFunc: (dy, saved) => tf.mul(tf.expandDims(dy, -1), saved[0]!) };
    });
    return op(logits);
  };
}

/** x times a mask of its shape, which is made once and has no gradient. */
function masked(x: Tensor, makeMask: (shape: readonly number[]) => Tensor): Tensor {
  const op = customOp(([values], save) => {
    const mask = makeMask(values!.shape);
    save([mask]);
    return { value: tf.mul(values!, mask), gradFunc: (dy, saved) => tf.mul(dy, saved[0]!) };
  });
  return op(x);
}

function makeDropout(backend: NativeBackend, shard: Shard | null): EngineOps['dropout'] {
  return (x, rate, key, step) =>
    rate === 0
      ? tf.clone(x)
      : masked(x, (shape) => dropoutMask(backend, shape, rate, key, step, shard?.index ?? 0));
}

function makeMemberDropout(backend: NativeBackend): EngineOps['memberDropout'] {
  return (x, keys, rates, step) => masked(x, (shape) => memberDropoutMask(backend, shape, keys, rates, step));
}

/**
 * The engine's operations as TensorFlow's own fused ones; fit for tracing.
 * @param shard the part of the batch that they are given, null for all of it
 */
export function createNativeOps(backend: NativeBackend, shard: Shard | null = null): EngineOps {
  const centred: CentredGradients = new WeakSet();
  return {
    biasAdd: makeBiasAdd(backend, centred),
    sparseSoftmaxCrossEntropy: makeSparseSoftmaxCrossEntropy(backend),
    batchNormTraining: makeBatchNorm(backend, shard, centred),
    dropout: makeDropout(backend, shard),
    memberDropout: makeMemberDropout(backend),
    randomUniform: (shape, key, step) => randomUniform(backend, shape, key, step, shard?.index ?? 0),
  };
}
