import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor, TransformAttrs } from '@tensorflow/tfjs-core';
import { typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType, type OpAttribute } from './binding.ts';
import { DType } from './dtype.ts';

function text(name: string, value: string): OpAttribute {
  return { name, type: AttributeType.string, value: value.toUpperCase() };
}

/** tfjs-node has no kernel for `tf.image.transform`; TensorFlow has the operation. XLA cannot compile it. */
function transformKernel(backend: NativeBackend): KernelFunc {
  return ({ inputs, attrs }) => {
    const { image, transforms } = inputs as { image: Tensor; transforms: Tensor };
    const { interpolation, fillMode, fillValue, outputShape } = attrs as unknown as TransformAttrs;
    const attributes = [
      typeAttribute('dtype', DType.float32),
      text('interpolation', interpolation),
      text('fill_mode', fillMode),
    ];
    return tf.tidy(() => {
      const [, height, width] = image.shape as [number, number, number, number];
      const size = tf.tensor1d(outputShape ?? [height, width], 'int32');
      const operands = [image, transforms, size, tf.scalar(fillValue)];
      return backend.run('ImageProjectiveTransformV3', attributes, operands)[0]!;
    });
  };
}

/** Registers the kernel; the result takes it away again. */
export function registerTransform(backend: NativeBackend): () => void {
  tf.registerKernel({
    kernelName: tf.Transform,
    backendName: 'tensorflow',
    kernelFunc: transformKernel(backend),
  });
  return () => tf.unregisterKernel(tf.Transform, 'tensorflow');
}
