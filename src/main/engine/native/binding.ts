import { StudioError } from '../../../shared/ipc/errors.ts';
import type { CApi } from './c-api.ts';
import type { Pointer } from './c-library.ts';
import { DType, elementType, type ElementArray } from './dtype.ts';
import { throwStatus, withStatus } from './status.ts';
import { TensorTable } from './tensor-table.ts';

/** Kinds of attribute values, as tfjs-node's kernels name them. */
export const AttributeType = {
  string: 0,
  int: 1,
  float: 2,
  bool: 3,
  type: 4,
  shape: 5,
  resource: 9,
} as const;

/** An attribute of an operation, as tfjs-node's kernels give it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** What an operation returned: a tensor's number, to be freed by `deleteTensor`. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** Sees every tensor made and every operation run, e.g. to make a graph of them. */
export interface BindingListener {
  tensorCreated(id: number, shape: readonly number[], dtype: number, values: ElementArray): void;
  operationRun(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: readonly TensorMetadata[],
  ): void;
}

/**
 * tfjs-node's binding interface (`TFJSBinding`) over TensorFlow's C API, so that its backend and kernels run on a
 * TensorFlow of today; and asynchronous operations, which its own binding lacks.
 */
export class Binding {
  readonly TF_FLOAT = DType.float32;
  readonly TF_INT32 = DType.int32;
  readonly TF_INT64 = DType.int64;
  readonly TF_BOOL = DType.bool;
  readonly TF_COMPLEX64 = DType.complex64;
  readonly TF_STRING = DType.string;
  readonly TF_RESOURCE = DType.resource;
  readonly TF_UINT8 = DType.uint8;
  readonly TF_ATTR_STRING = AttributeType.string;
  readonly TF_ATTR_INT = AttributeType.int;
  readonly TF_ATTR_FLOAT = AttributeType.float;
  readonly TF_ATTR_BOOL = AttributeType.bool;
  readonly TF_ATTR_TYPE = AttributeType.type;
  readonly TF_ATTR_SHAPE = AttributeType.shape;
  readonly TF_ATTR_RESOURCE = AttributeType.resource;
  readonly TF_Version: string;
  readonly api: CApi;
  readonly context: Pointer;
  readonly #tensors: TensorTable;
  #listener: BindingListener | null = null;

  /** Borrows the context. */
  constructor(api: CApi, context: Pointer) {
    this.api = api;
    this.context = context;
    this.TF_Version = api.version();
    this.#tensors = new TensorTable(api);
  }

  /** Runs `body` while `listener` sees all that happens; one listener at a time. */
  listen<T>(listener: BindingListener, body: () => T): T {
    if (this.#listener) throw new StudioError('internal', 'TensorFlow binding: it is being recorded already');
    this.#listener = listener;
    try {
      return body();
    } finally {
      this.#listener = null;
    }
  }

  /** Numbers are converted to the type's elements; 64-bit types take BigInt arrays or numbers. */
  createTensor(shape: readonly number[], dtype: number, values: ArrayLike<number> | ElementArray): number {
    const type = elementType(dtype);
    if (!type)
      throw new StudioError('unsupported', `TensorFlow: tensors of type ${dtype} cannot be made here`);
    const sample = type.view(new ArrayBuffer(0));
    const elements =
      values.constructor === sample.constructor
        ? (values as ElementArray)
        : type.from(values as ArrayLike<number>);
    const id = this.#tensors.create(shape, dtype, elements);
    this.#listener?.tensorCreated(id, shape, dtype, elements);
    return id;
  }

  deleteTensor(id: number): void {
    this.#tensors.delete(id);
  }

  /** A copy of a tensor's elements. */
  tensorDataSync(id: number): ElementArray {
    return this.#tensors.read(id);
  }

  shapeOf(id: number): readonly number[] {
    return this.#tensors.get(id).shape;
  }

  dtypeOf(id: number): number {
    return this.#tensors.get(id).dtype;
  }

  /** Runs one operation, or a registered function by its name; the results belong to the caller. */
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputCount: number,
  ): TensorMetadata[] {
    const op = this.#createOp(name, attributes, inputs);
    try {
      const outputs: (Pointer | null)[] = new Array<Pointer | null>(outputCount).fill(null);
      withStatus(this.api, name, (status) => this.api.op.execute(op, outputs, [outputCount], status));
      const results = this.#adoptAll(outputs);
      this.#listener?.operationRun(name, attributes, inputs, results);
      return results;
    } finally {
      this.api.op.delete(op);
    }
  }

  /**
   * The same on a worker thread: the event loop stays free. The inputs must stay alive until it settles.
   */
  async executeOpAsync(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputCount: number,
  ): Promise<TensorMetadata[]> {
    const op = this.#createOp(name, attributes, inputs);
    const status = this.api.status.create();
    try {
      const outputs: (Pointer | null)[] = new Array<Pointer | null>(outputCount).fill(null);
      await new Promise<void>((resolve, reject) => {
        this.api.op.execute.async(op, outputs, [outputCount], status, (error) =>
          error ? reject(error) : resolve(),
        );
      });
      throwStatus(this.api, status, name);
      return this.#adoptAll(outputs);
    } finally {
      this.api.status.delete(status);
      this.api.op.delete(op);
    }
  }

  #adoptAll(outputs: readonly (Pointer | null)[]): TensorMetadata[] {
    return withStatus(this.api, 'taking results', (status) =>
      outputs.map((handle) => {
        if (handle === null) throw new StudioError('internal', 'TensorFlow: an operation left a result out');
        const { id, entry } = this.#tensors.adopt(handle, status);
        return { id, shape: [...entry.shape], dtype: entry.dtype };
      }),
    );
  }

  #createOp(name: string, attributes: readonly OpAttribute[], inputs: readonly number[]): Pointer {
    const op = withStatus(this.api, name, (status) => this.api.op.create(this.context, name, status));
    try {
      withStatus(this.api, name, (status) => {
        for (const id of inputs) this.api.op.addInput(op, this.#tensors.get(id).handle, status);
        for (const attribute of attributes) setAttribute(this.api, op, attribute, status);
      });
      return op;
    } catch (error) {
      this.api.op.delete(op);
      throw error;
    }
  }

  isUsingGpuDevice(): boolean {
    return false;
  }

  getNumOfTensors(): number {
    return this.#tensors.size;
  }

  getNumOfSavedModels(): number {
    return 0;
  }

  /** Frees every tensor still alive; the binding is of no use afterwards. */
  dispose(): void {
    this.#tensors.clear();
  }
}

function setAttribute(api: CApi, op: Pointer, { name, type, value }: OpAttribute, status: Pointer): void {
  switch (type) {
    case AttributeType.type:
      return api.op.setType(op, name, Number(value));
    case AttributeType.int:
      return Array.isArray(value)
        ? api.op.setIntList(op, name, BigInt64Array.from(value as number[], BigInt), value.length)
        : api.op.setInt(op, name, Number(value));
    case AttributeType.float:
      return api.op.setFloat(op, name, Number(value));
    case AttributeType.bool:
      return api.op.setBool(op, name, value ? 1 : 0);
    case AttributeType.string: {
      const text = value as string;
      return api.op.setString(op, name, text, Buffer.byteLength(text));
    }
    case AttributeType.shape: {
      const shape = value as number[];
      return api.op.setShape(op, name, BigInt64Array.from(shape, BigInt), shape.length, status);
    }
    default:
      throw new StudioError('unsupported', `TensorFlow binding: attribute ${name} has unknown kind ${type}`);
  }
}
