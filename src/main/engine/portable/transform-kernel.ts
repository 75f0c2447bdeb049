import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { putKernel, type Kernel } from './put-kernel.ts';

/** Images and their transforms one by one; one transform may stand for all. */
function oneByOne(original: Kernel): Kernel {
  return (call) => {
    const { image, transforms } = call.inputs as { image: Tensor4D; transforms: Tensor };
    const [examples, ...size] = image.shape;
    const transformed = Array.from({ length: examples }, (_, i) => {
      const inputs = {
        image: tf.slice(image, [i, 0, 0, 0], [1, ...size]),
        transforms: tf.slice(transforms, [transforms.shape[0] === 1 ? 0 : i, 0], [1, 8]),
      };
      const result = tf.engine().makeTensorFromTensorInfo(original({ ...call, inputs }));
      tf.dispose(inputs);
      return result;
    });
    const together = tf.concat(transformed);
    tf.dispose(transformed);
    return together;
  };
}

/** tfjs's plain JavaScript kernel returns after the first image of a batch and leaves the others empty. */
export function correctTransform(): void {
  putKernel('cpu', tf.Transform, (original) => oneByOne(original!));
}
