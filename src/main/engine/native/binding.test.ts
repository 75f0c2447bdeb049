import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import { typeAttribute } from './backend.ts';
import { AttributeType, type Binding } from './binding.ts';
import { closeTestBinding, openTestBinding } from './binding-test-kit.ts';
import { listDevices } from './context.ts';
import { DType, type ElementArray } from './dtype.ts';

let binding: Binding;

beforeAll(() => {
  binding = openTestBinding(cacheDirectory(), 2, 2);
});

afterAll(() => {
  closeTestBinding(binding);
});

/** Runs an operation on fresh tensors, reads its first result and frees everything. */
function compute(
  name: string,
  attributes: Parameters<Binding['executeOp']>[1],
  inputs: readonly (readonly [shape: number[], dtype: number, values: number[]])[],
  outputCount = 1,
): { shape: readonly number[]; values: ElementArray } {
  const ids = inputs.map(([shape, dtype, values]) => binding.createTensor(shape, dtype, values));
  const outputs = binding.executeOp(name, attributes, ids, outputCount);
  const values = binding.tensorDataSync(outputs[0]!.id);
  for (const id of [...ids, ...outputs.map((output) => output.id)]) binding.deleteTensor(id);
  return { shape: outputs[0]!.shape, values };
}

describe('operations', () => {
  it('multiply float32 matrices', () => {
    const { shape, values } = compute(
      'MatMul',
      [typeAttribute('T', DType.float32)],
      [
        [[2, 3], DType.float32, [1, 2, 3, 4, 5, 6]],
        [[3, 1], DType.float32, [1, 0, -1]],
      ],
    );
    expect(shape).toEqual([2, 1]);
    expect(values).toEqual(Float32Array.of(-2, -2));
  });

  it.each([
    ['int32', DType.int32, [1, -2, 2 ** 30], Int32Array.of(2, -4, -(2 ** 31))],
    ['int64', DType.int64, [1, -2, 2 ** 40], BigInt64Array.of(2n, -4n, 2n ** 41n)],
    ['uint8', DType.uint8, [1, 200, 255], Uint8Array.of(2, 144, 254)],
    ['uint32', DType.uint32, [1, 2 ** 31, 7], Uint32Array.of(2, 0, 14)],
  ])('add %s numbers with their wrap-around', (_, dtype, values, expected) => {
    const operand = [[3], dtype, values] as [number[], number, number[]];
    expect(compute('AddV2', [typeAttribute('T', dtype)], [operand, operand]).values).toEqual(expected);
  });

  it('take and give booleans as bytes', () => {
    const { values } = compute('LogicalNot', [], [[[3], DType.bool, [0, 1, 0]]]);
    expect(values).toEqual(Uint8Array.of(1, 0, 1));
  });

  it('take lists, strings, floats and flags as attributes', () => {
    const { shape, values } = compute(
      'MaxPool',
      [
        typeAttribute('T', DType.float32),
        { name: 'ksize', type: AttributeType.int, value: [1, 2, 2, 1] },
        { name: 'strides', type: AttributeType.int, value: [1, 2, 2, 1] },
        { name: 'padding', type: AttributeType.string, value: 'VALID' },
        { name: 'data_format', type: AttributeType.string, value: 'NHWC' },
      ],
      [[[1, 2, 4, 1], DType.float32, [1, 9, 2, 3, 4, 5, 8, 6]]],
    );
    expect(shape).toEqual([1, 1, 2, 1]);
    expect(values).toEqual(Float32Array.of(9, 8));
  });

  it('handle empty tensors', () => {
    const { shape, values } = compute(
      'Neg',
      [typeAttribute('T', DType.float32)],
      [[[0, 3], DType.float32, []]],
    );
    expect(shape).toEqual([0, 3]);
    expect(values).toHaveLength(0);
  });
});

describe('errors', () => {
  it("carry TensorFlow's message and the operation's name", () => {
    const wrong = () =>
      compute(
        'MatMul',
        [typeAttribute('T', DType.float32)],
        [
          [[1, 2], DType.float32, [1, 2]],
          [[1, 2], DType.float32, [1, 2]],
        ],
      );
    expect(wrong).toThrow(/TensorFlow, MatMul: .*\[1,2\]/);
  });

  it('tell an unknown operation', () => {
    expect(() => binding.executeOp('NoSuchOp', [], [], 1)).toThrow(/NoSuchOp/);
  });

  it('tell the use of a freed tensor', () => {
    const id = binding.createTensor([1], DType.float32, [1]);
    binding.deleteTensor(id);
    expect(() => binding.tensorDataSync(id)).toThrow(/was freed/);
    expect(() => binding.deleteTensor(id)).toThrow(/was freed/);
  });

  it('reject an asynchronous operation as well', async () => {
    await expect(binding.executeOpAsync('NoSuchOp', [], [], 1)).rejects.toMatchObject({
      name: 'StudioError',
    });
  });
});

describe('the binding', () => {
  it('counts handles and leaves none behind', () => {
    const before = binding.getNumOfTensors();
    const id = binding.createTensor([2], DType.float32, [1, 2]);
    expect(binding.getNumOfTensors()).toBe(before + 1);
    binding.deleteTensor(id);
    expect(binding.getNumOfTensors()).toBe(before);
  });

  it('copies what it is given and what it gives', () => {
    const values = Float32Array.of(1, 2);
    const id = binding.createTensor([2], DType.float32, values);
    values[0] = 99;
    const first = binding.tensorDataSync(id) as Float32Array;
    first[1] = 99;
    expect(binding.tensorDataSync(id)).toEqual(Float32Array.of(1, 2));
    binding.deleteTensor(id);
  });

  it('leaves the event loop free during an asynchronous operation', async () => {
    const size = 2_000;
    const matrix = binding.createTensor([size, size], DType.float32, new Float32Array(size * size));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const [product] = await binding.executeOpAsync(
      'MatMul',
      [typeAttribute('T', DType.float32)],
      [matrix, matrix],
      1,
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    for (const id of [matrix, product!.id]) binding.deleteTensor(id);
  });

  it('names the processor as a device', () => {
    expect(listDevices(binding.api, binding.context, 'this one')[0]).toEqual({
      name: 'this one',
      kind: 'cpu',
      memoryBytes: null,
    });
  });
});
