import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './graph-builder.ts';
import { joinProducts } from './join-products.ts';

function sumOfProducts(transposeA: boolean): GraphBuilder {
  const graph = new GraphBuilder();
  for (const name of ['a', 'b', 'c', 'd']) graph.add('Placeholder', [], {}, name);
  const attributes = {
    transpose_a: { kind: 'bool', value: transposeA },
    transpose_b: { kind: 'bool', value: false },
  } as const;
  graph.add('MatMul', ['a', 'b'], attributes, 'first');
  graph.add('MatMul', ['c', 'd'], attributes, 'second');
  graph.add('AddN', ['first', 'second'], {}, 'sum');
  joinProducts(graph);
  return graph;
}

describe('a sum of products over rows', () => {
  it('becomes one product over the rows of all', () => {
    const graph = sumOfProducts(true);
    const { op, inputs, attributes } = graph.node('sum')!;
    expect(op).toBe('MatMul');
    expect(attributes.transpose_a).toEqual({ kind: 'bool', value: true });
    const rows = inputs.map((input) => graph.node(input)!);
    expect(rows.map((node) => [node.op, ...node.inputs.slice(0, 2)])).toEqual([
      ['ConcatV2', 'a', 'c'],
      ['ConcatV2', 'b', 'd'],
    ]);
  });

  it('stays a sum where the products are not over rows', () => {
    expect(sumOfProducts(false).node('sum')!.op).toBe('AddN');
  });
});
