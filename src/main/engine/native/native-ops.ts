import * as tf from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import type { EngineOps } from '../engine.ts';
import { FLOAT, typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType, type OpAttribute } from './binding.ts';
import { dropoutMask } from './dropout-mask.ts';
import { DType } from './dtype.ts';

/** tfjs types `customGrad` for one tensor in and out only. */
type CustomOp = (...inputs: Tensor[]) => Tensor;
type CustomBody = (
  inputs: Tensor[],
  save: GradSaveFunc,
) => { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[] };

function customOp(body: CustomBody): CustomOp {
  return tf.customGrad((...given: (Tensor | GradSaveFunc)[]) => {
    const save = given.at(-1) as GradSaveFunc;
    return body(given.slice(0, -1) as Tensor[], save);
  });
}

function makeBiasAdd(backend: NativeBackend): EngineOps['biasAdd'] {
  const op = customOp(([x, bias]) => ({
    value: backend.run('BiasAdd', [FLOAT], [x!, bias!])[0]!,
    gradFunc: (dy) => [dy, backend.run('BiasAddGrad', [FLOAT], [dy])[0]!],
  }));
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

function batchNormAttributes(epsilon: number): OpAttribute[] {
  return [
    FLOAT,
    typeAttribute('U', DType.float32),
    { name: 'epsilon', type: AttributeType.float, value: epsilon },
    { name: 'is_training', type: AttributeType.bool, value: true },
    { name: 'data_format', type: AttributeType.string, value: 'NHWC' },
  ];
}

/** The fused op wants [batch, height, width, channels]. */
function asImages(x: Tensor): Tensor {
  const channels = x.shape[x.rank - 1]!;
  return x.rank === 4 ? x : tf.reshape(x, [x.size / channels, 1, 1, channels]);
}

/** Outputs of FusedBatchNormV3: y, mean, unbiased variance, and what the gradient op needs again. */
function makeBatchNorm(backend: NativeBackend): EngineOps['batchNormTraining'] {
  return (x, scale, offset, epsilon) => {
    const attributes = batchNormAttributes(epsilon);
    const images = asImages(x);
    // Run below tfjs's tape, which would free the mean and the variance with the op's intermediate results.
    const outputs = backend.run(
      'FusedBatchNormV3',
      attributes,
      [images, scale, offset, tf.tensor1d([]), tf.tensor1d([])],
      6,
    );
    const op = customOp(([values, gamma], save) => {
      save([values!, gamma!, outputs[3]!, outputs[4]!, outputs[5]!]);
      return {
        value: tf.clone(outputs[0]!),
        gradFunc: (dy, saved) =>
          backend.run('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3),
      };
    });
    const normalised = tf.reshape(op(images, scale, offset), x.shape);
    const rows = x.size / scale.size;
    // TensorFlow gives the variance with Bessel's correction.
    const bessel = rows > 1 ? (rows - 1) / rows : 1;
    return { normalised, mean: outputs[1]!, variance: tf.mul(outputs[2]!, bessel) };
  };
}

function makeDropout(backend: NativeBackend): EngineOps['dropout'] {
  return (x, rate, key, step) => {
    if (rate === 0) return tf.clone(x);
    const op = customOp(([values], save) => {
      const mask = dropoutMask(backend, values!.shape, rate, key, step);
      save([mask]);
      return { value: tf.mul(values!, mask), gradFunc: (dy, saved) => tf.mul(dy, saved[0]!) };
    });
    return op(x);
  };
}

/** The engine's operations as TensorFlow's own fused ones; fit for tracing. */
export function createNativeOps(backend: NativeBackend): EngineOps {
  return {
    biasAdd: makeBiasAdd(backend),
    sparseSoftmaxCrossEntropy: makeSparseSoftmaxCrossEntropy(backend),
    batchNormTraining: makeBatchNorm(backend),
    dropout: makeDropout(backend),
  };
}
