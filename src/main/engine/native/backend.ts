import util from 'node:util';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import type { DeviceInfo } from '../../../shared/schema/engine.ts';
import { AttributeType, type Binding, type OpAttribute, type TensorMetadata } from './binding.ts';
import { DType } from './dtype.ts';
import { LoopRegistry } from './loop-registry.ts';

const BACKEND = 'tensorflow';
const PRIORITY = 3;

/** Helpers that tfjs-node 4.22 still calls; Node deprecates them, and 23 took one out. */
function restoreUtilHelpers(): void {
  const helpers = util as unknown as Record<string, unknown>;
  helpers.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  helpers.isArray = Array.isArray;
}

/** The part of tfjs-node's backend that passes between tfjs tensors and the binding's tensor numbers. */
interface TensorBridge {
  createOutputTensor(metadata: TensorMetadata): Tensor;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
}

/** tfjs's global backend over a {@link Binding}; one at a time in a process. */
export class NativeBackend {
  readonly binding: Binding;
  readonly loops: LoopRegistry;
  readonly #bridge: TensorBridge;

  /** Registers the backend and makes it tfjs's current one. */
  constructor(binding: Binding, device: DeviceInfo['kind']) {
    restoreUtilHelpers();
    this.binding = binding;
    this.loops = new LoopRegistry(binding, device === 'cpu');
    const backend = new NodeJSKernelBackend(binding as unknown as TFJSBinding, '@tensorflow/tfjs-node-gpu');
    this.#bridge = backend as unknown as TensorBridge;
    tf.registerBackend(BACKEND, () => backend, PRIORITY);
    // Done at once: only backends made asynchronously would have to be waited for.
    void tf.setBackend(BACKEND);
  }

  /** The binding's number of a tensor; borrowed. */
  idOf(tensor: TensorInfo): number {
    return this.#bridge.getInputTensorIds([tensor])[0]!;
  }

  /** Makes a tfjs tensor of a binding's tensor and hands it over: disposing of the one frees the other. */
  toTensor(metadata: TensorMetadata): Tensor {
    return this.#bridge.createOutputTensor(metadata);
  }

  /** {@link toTensor} by number. */
  adopt(id: number): Tensor {
    return this.toTensor({ id, shape: [...this.binding.shapeOf(id)], dtype: this.binding.dtypeOf(id) });
  }

  /** Runs an operation on tfjs tensors; the results belong to tfjs's current scope. */
  run(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputCount = 1,
  ): Tensor[] {
    const ids = inputs.map((input) => this.idOf(input));
    return this.binding.executeOp(name, attributes, ids, outputCount).map((output) => this.toTensor(output));
  }

  /** Takes the backend away from tfjs and frees every loop and tensor. */
  dispose(): void {
    tf.removeBackend(BACKEND);
    this.loops.dispose();
    this.binding.dispose();
  }
}

/** A `type` attribute. */
export function typeAttribute(name: string, dtype: number): OpAttribute {
  return { name, type: AttributeType.type, value: dtype };
}

/** The attribute `T` of an operation on float32 tensors. */
export const FLOAT = typeAttribute('T', DType.float32);
