import { StudioError } from '../../../shared/ipc/errors.ts';
import type { CApi } from './c-api.ts';
import { copyBytes, type Pointer } from './c-library.ts';
import { elementType, sizeOf, type ElementArray } from './dtype.ts';
import { throwStatus, withStatus } from './status.ts';

/** A tensor on TensorFlow's side, known by its number. */
export interface TensorEntry {
  readonly handle: Pointer;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/**
 * Every tensor handle the engine holds, by number. A number is never used twice, so a stale one is found out.
 * Whoever gets a number frees it by {@link delete}; `size` counts what is alive.
 */
export class TensorTable {
  readonly #api: CApi;
  readonly #entries = new Map<number, TensorEntry>();
  #next = 1;

  constructor(api: CApi) {
    this.#api = api;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Copies values into a new tensor and returns its number. */
  create(shape: readonly number[], dtype: number, values: ElementArray): number {
    const tensor = this.#api.tensor.allocate(
      dtype,
      BigInt64Array.from(shape, BigInt),
      shape.length,
      values.byteLength,
    );
    if (tensor === null) {
      throw new StudioError('internal', `TensorFlow: no memory for a tensor of ${values.byteLength} bytes`);
    }
    try {
      if (values.byteLength > 0) copyBytes(this.#api.tensor.data(tensor), values, values.byteLength);
      const handle = withStatus(this.#api, 'creating a tensor', (status) =>
        this.#api.tensor.toHandle(tensor, status),
      );
      return this.#add({ handle, dtype, shape });
    } finally {
      this.#api.tensor.delete(tensor);
    }
  }

  /** Takes over a handle that an operation returned. */
  adopt(handle: Pointer, status: Pointer): { readonly id: number; readonly entry: TensorEntry } {
    const rank = this.#api.tensor.rank(handle, status);
    const shape = Array.from({ length: Math.max(rank, 0) }, (_, axis) =>
      Number(this.#api.tensor.dim(handle, axis, status)),
    );
    throwStatus(this.#api, status, "reading a result's shape");
    const entry = { handle, dtype: this.#api.tensor.dtype(handle), shape };
    return { id: this.#add(entry), entry };
  }

  #add(entry: TensorEntry): number {
    const id = this.#next++;
    this.#entries.set(id, entry);
    return id;
  }

  get(id: number): TensorEntry {
    const entry = this.#entries.get(id);
    if (!entry) throw new StudioError('internal', `TensorFlow: tensor ${id} was freed or never made`);
    return entry;
  }

  delete(id: number): void {
    this.#api.tensor.deleteHandle(this.get(id).handle);
    this.#entries.delete(id);
  }

  /** A copy of a tensor's elements. */
  read(id: number): ElementArray {
    const { handle, dtype, shape } = this.get(id);
    const type = elementType(dtype);
    if (!type) throw new StudioError('unsupported', `TensorFlow: elements of type ${dtype} cannot be read`);
    const tensor = withStatus(this.#api, 'reading a tensor', (status) =>
      this.#api.tensor.resolve(handle, status),
    );
    try {
      const buffer = new ArrayBuffer(sizeOf(shape) * type.sizeBytes);
      const bytes = new Uint8Array(buffer);
      if (bytes.length > 0) copyBytes(bytes, this.#api.tensor.data(tensor), bytes.length);
      return type.view(buffer);
    } finally {
      this.#api.tensor.delete(tensor);
    }
  }

  /** Frees everything, at the end of the engine. */
  clear(): void {
    for (const id of [...this.#entries.keys()]) this.delete(id);
  }
}
