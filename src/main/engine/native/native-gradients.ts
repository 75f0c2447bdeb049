import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { FLOAT, typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType, type OpAttribute } from './binding.ts';
import { DType } from './dtype.ts';

type Run = (name: string, inputs: readonly Tensor[], attributes?: readonly OpAttribute[]) => Tensor;

/** A gradient by the op's own result: op(dy, y) or op(y, dy). */
function fromOutput(
  kernelName: string,
  gradient: (dy: Tensor, y: Tensor, attributes: NamedAttrMap) => Tensor,
): GradConfig {
  return {
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => ({ x: () => gradient(dy as Tensor, saved[0]!, attributes) }),
  };
}

/** A gradient by the op's input: op(dy, x). */
function fromInput(
  kernelName: string,
  gradient: (dy: Tensor, x: Tensor, attributes: NamedAttrMap) => Tensor,
): GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attributes) => ({ x: () => gradient(dy as Tensor, saved[0]!, attributes) }),
  };
}

/** dy of a reduction, with the reduced axes back as 1, repeated over them. */
function spread(run: Run, dy: Tensor, x: Tensor, attributes: NamedAttrMap): Tensor {
  const axes = tf.util.parseAxisParam(attributes.axis as number | number[], x.shape);
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const shape = tf.tensor1d(x.shape, 'int32');
  return run('BroadcastTo', [tf.reshape(dy, kept), shape], [FLOAT, typeAttribute('Tidx', DType.int32)]);
}

/**
 * Gradients for which tfjs takes a chain of small operations and TensorFlow has one.
 * Each is the same function; only the last bits of a result may differ.
 */
function nativeGradients(run: Run): GradConfig[] {
  return [
    fromOutput(tf.Relu, (dy, y) => run('ReluGrad', [dy, y])),
    fromOutput(tf.Relu6, (dy, y) => run('Relu6Grad', [dy, y])),
    fromOutput(tf.Sigmoid, (dy, y) => run('SigmoidGrad', [y, dy])),
    fromOutput(tf.Tanh, (dy, y) => run('TanhGrad', [y, dy])),
    fromInput(tf.Softplus, (dy, x) => run('SoftplusGrad', [dy, x])),
    // By the output, which has the input's sign: the input is then free to be fused away with a convolution.
    fromOutput(tf.LeakyRelu, (dy, y, { alpha }) =>
      run(
        'LeakyReluGrad',
        [dy, y],
        [FLOAT, { name: 'alpha', type: AttributeType.float, value: Number(alpha) }],
      ),
    ),
    fromInput(tf.Sum, (dy, x, attributes) => spread(run, dy, x, attributes)),
    fromInput(tf.Mean, (dy, x, attributes) => tf.mul(spread(run, dy, x, attributes), dy.size / x.size)),
  ];
}

/**
 * Replaces tfjs's gradients by TensorFlow's while this engine lives.
 * @returns puts tfjs's own gradients back
 */
export function installNativeGradients(backend: NativeBackend): () => void {
  const run: Run = (name, inputs, attributes = [FLOAT]) => backend.run(name, attributes, inputs)[0]!;
  const replaced = nativeGradients(run).map((gradient) => {
    const original = tf.getGradient(gradient.kernelName);
    tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
    return original;
  });
  return () => {
    for (const original of replaced) {
      tf.unregisterGradient(original.kernelName);
      tf.registerGradient(original);
    }
  };
}
