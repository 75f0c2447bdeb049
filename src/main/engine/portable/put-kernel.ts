import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** What a kernel is given. Inputs are borrowed; the result passes to tfjs. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The tfjs backend object, for the kernel that is replaced. */
  readonly backend: Parameters<tf.KernelFunc>[0]['backend'];
}

/** A kernel with one result. */
export type Kernel = (call: KernelCall) => TensorInfo;

function wrap(kernelFunc: tf.KernelFunc): Kernel {
  return ({ inputs, attributes, backend }) =>
    kernelFunc({ inputs, attrs: attributes as tf.NamedAttrMap, backend }) as TensorInfo;
}

/**
 * Puts a kernel in place of the one a backend has, if any. To be called before the backend starts.
 * @param make is given the kernel that is replaced (null where there is none), to fall back on
 */
export function putKernel(
  backendName: string,
  kernelName: string,
  make: (original: Kernel | null) => Kernel,
): void {
  const kernels = tf.getKernelsForBackend(backendName);
  const replaced = kernels.find((kernel) => kernel.kernelName === kernelName);
  if (replaced !== undefined) tf.unregisterKernel(kernelName, backendName);
  const compute = make(replaced === undefined ? null : wrap(replaced.kernelFunc));
  tf.registerKernel({
    ...replaced,
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute({
        inputs: inputs as Record<string, Tensor>,
        attributes: { ...attrs },
        backend,
      }),
  });
}
