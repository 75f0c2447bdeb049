import type { ResidentArray, ResidentInput } from '../engine.ts';
import type { Binding } from './binding.ts';
import { DType } from './dtype.ts';
import type { GraphValue } from './graph-builder.ts';

/** Data on the device for as long as some program uses it. */
interface Held {
  readonly id: number;
  users: number;
}

/** A program's hold on one input's data. */
export interface Resident {
  readonly id: number;
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  release(): void;
}

function dtypeOf(values: ResidentArray): number {
  if (values instanceof Uint8Array) return DType.uint8;
  return values instanceof Int32Array ? DType.int32 : DType.float32;
}

/** Copies data to the device once, however many programs use the same array. */
export class ResidentCache {
  readonly #binding: Binding;
  readonly #held = new Map<ResidentArray, Map<string, Held>>();

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** Takes hold of an input's data; the caller releases it. The array must not change meanwhile. */
  hold(input: ResidentInput): Resident {
    const { name, shape, values } = input;
    const dtype = dtypeOf(values);
    const shapes = this.#held.get(values) ?? new Map<string, Held>();
    this.#held.set(values, shapes);
    const key = shape.join();
    const held = shapes.get(key) ?? { id: this.#binding.createTensor(shape, dtype, values), users: 0 };
    shapes.set(key, held);
    held.users++;
    return { id: held.id, name, dtype, shape, release: () => this.#release(values, key) };
  }

  #release(values: ResidentArray, key: string): void {
    const shapes = this.#held.get(values);
    const held = shapes?.get(key);
    if (!shapes || !held || --held.users > 0) return;
    this.#binding.deleteTensor(held.id);
    shapes.delete(key);
    if (shapes.size === 0) this.#held.delete(values);
  }
}

/** The parameter of a loop that an input's data goes to. */
export function residentParameter(resident: Resident, index: number): GraphValue {
  return { ref: `input_${index}`, dtype: resident.dtype, shape: resident.shape };
}
