import * as tf from '@tensorflow/tfjs-core';
import type { BatchMatMulAttrs, KernelFunc, Tensor } from '@tensorflow/tfjs-core';
import { FLOAT, typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType } from './binding.ts';
import { DType } from './dtype.ts';
import { registerTransform } from './transform-kernel.ts';

/** Plain matrices go to MatMul, which TensorFlow fuses and shards better than its batched form. */
function matMulKernel(backend: NativeBackend, batched: KernelFunc): KernelFunc {
  return (call) => {
    const { a, b } = call.inputs as { a: Tensor; b: Tensor };
    const { transposeA, transposeB } = call.attrs as unknown as BatchMatMulAttrs;
    if (a.shape.length !== 2 || b.shape.length !== 2 || a.dtype !== 'float32') return batched(call);
    const attributes = [
      FLOAT,
      { name: 'transpose_a', type: AttributeType.bool, value: transposeA },
      { name: 'transpose_b', type: AttributeType.bool, value: transposeB },
    ];
    return backend.run('MatMul', attributes, [a, b])[0]!;
  };
}

/** tfjs-node casts an 8-bit tensor, which tfjs takes for int32, under the wrong type. */
function castKernel(backend: NativeBackend): KernelFunc {
  const types = { float32: DType.float32, int32: DType.int32, bool: DType.bool, complex64: DType.complex64 };
  return ({ inputs, attrs }) => {
    const x = inputs.x as Tensor;
    const target = types[attrs?.dtype as keyof typeof types];
    const source = backend.binding.dtypeOf(backend.idOf(x));
    const attributes = [typeAttribute('SrcT', source), typeAttribute('DstT', target)];
    return backend.run(
      'Cast',
      [...attributes, { name: 'Truncate', type: AttributeType.bool, value: false }],
      [x],
    )[0]!;
  };
}

function replaceKernel(kernelName: string, make: (original: KernelFunc) => KernelFunc): () => void {
  const original = tf.getKernel(kernelName, 'tensorflow');
  const swap = (kernelFunc: KernelFunc) => {
    tf.unregisterKernel(kernelName, 'tensorflow');
    tf.registerKernel({ ...original, kernelFunc });
  };
  swap(make(original.kernelFunc));
  return () => swap(original.kernelFunc);
}

/**
 * Replaces kernels of tfjs-node for which TensorFlow has a better operation, and adds one that it lacks.
 * @returns puts tfjs-node's own kernels back
 */
export function installNativeKernels(backend: NativeBackend): () => void {
  const restore = [
    replaceKernel(tf.BatchMatMul, (original) => matMulKernel(backend, original)),
    replaceKernel(tf.Cast, () => castKernel(backend)),
    registerTransform(backend),
  ];
  return () => restore.forEach((undo) => undo());
}
