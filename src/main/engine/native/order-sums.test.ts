import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import type { Binding } from './binding.ts';
import { closeTestBinding, openTestBinding } from './binding-test-kit.ts';
import { DType } from './dtype.ts';
import { GraphBuilder, type Ref } from './graph-builder.ts';
import { registerLoop } from './loop.ts';
import { orderSums } from './order-sums.ts';

let binding: Binding;

beforeAll(() => {
  binding = openTestBinding(cacheDirectory(), 1, 2);
});
afterAll(() => {
  closeTestBinding(binding);
});

const VECTOR = [4];
const values = ['a', 'b', 'c', 'later'].map((ref) => ({ ref, dtype: DType.float32, shape: VECTOR }));

/**
 * The first element of a sum of 1, -1e8 and 1e8, which is 0 from the left and 1 from the right. The first two are needed
 * after it, so that only the last is in a buffer that the sum may take for its own.
 */
async function sum(name: string, add: (graph: GraphBuilder, terms: Ref[]) => Ref): Promise<number> {
  const graph = new GraphBuilder();
  const last = graph.add('Relu', ['c'], { T: { kind: 'type', value: DType.float32 } }, 'z');
  const total = add(graph, ['a', 'b', last]);
  const definition = {
    name,
    graph,
    invariants: values.slice(0, 2),
    carried: values.slice(2),
    next: [total, graph.binary('Mul', graph.binary('Mul', total, 'a', DType.float32), 'b', DType.float32)],
    effects: [],
    xla: false,
  };
  const loop = registerLoop(binding, definition, null);
  const inputs = [1, -1e8, 1e8, 0].map((x) =>
    binding.createTensor(VECTOR, DType.float32, Array<number>(4).fill(x)),
  );
  const results = await loop.run(1, inputs);
  const [first] = binding.tensorDataSync(results[0]!.id) as Float32Array;
  for (const id of [...inputs, ...results.map(({ id }) => id)]) binding.deleteTensor(id);
  loop.dispose();
  return first!;
}

const inPairs = (graph: GraphBuilder, [a, b, c]: Ref[]): Ref =>
  graph.binary('AddV2', graph.binary('AddV2', a!, b!, DType.float32), c!, DType.float32);

describe('a sum of many', () => {
  it('is added from the left, whichever buffers are free', async () => {
    expect(await sum('of_many', (graph, terms) => graph.addN(terms, DType.float32))).toBe(0);
  });

  it('is added as it was written in pairs, which TensorFlow would join', async () => {
    expect(await sum('of_pairs', inPairs)).toBe(0);
  });

  it('keeps its name, and other nodes as they are', () => {
    const graph = new GraphBuilder();
    const terms = ['a', 'b', 'c', 'd'].map((name) => graph.add('Placeholder', [], {}, name));
    graph.addN(terms, DType.float32, 'total');
    const ordered = orderSums(graph.nodes);
    expect(ordered.slice(0, 4)).toEqual(graph.nodes.slice(0, 4));
    expect(ordered.slice(4).map(({ name, op, inputs }) => [name, op, inputs])).toEqual([
      ['total/0', 'AddV2', ['a', 'b']],
      ['total/1', 'AddV2', ['total/0', 'c']],
      ['total', 'AddV2', ['total/1', 'd']],
    ]);
  });
});
