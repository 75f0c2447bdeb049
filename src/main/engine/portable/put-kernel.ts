import * as tf from '@tensorflow/tfjs-core';
import type { KernelBackend, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';

/** What a kernel over images is given. Inputs are borrowed; the result passes to tfjs. */
export interface ImageKernelCall {
  readonly inputs: Readonly<Record<string, Tensor4D>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly backend: KernelBackend;
}

/**
 * Puts a kernel in place of the one a backend has, if any.
 * @returns the kernel that was replaced, to be called from the new one
 */
export function putKernel(
  backendName: string,
  kernelName: string,
  compute: (call: ImageKernelCall) => TensorInfo,
): tf.KernelFunc | undefined {
  const replaced = tf.getKernel(kernelName, backendName);
  if (replaced !== undefined) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...replaced,
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute({
        inputs: inputs as Record<string, Tensor4D>,
        attributes: { ...attrs },
        backend: backend as KernelBackend,
      }),
  });
  return replaced?.kernelFunc;
}
