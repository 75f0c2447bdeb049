import { describe, expect, it } from 'vitest';
import { DType } from './dtype.ts';
import { GraphBuilder, type } from './graph-builder.ts';
import { drawInPairs } from './xla-words.ts';

function draw(shape: readonly number[], dtype: number) {
  const graph = new GraphBuilder();
  for (const name of ['key', 'counter', 'algorithm']) graph.add('Placeholder', [], {}, name);
  const inputs = [graph.int32(shape, [shape.length]), 'key', 'counter', 'algorithm'];
  const attributes = { dtype: type(dtype), Tshape: type(DType.int32) };
  const name = graph.add('StatelessRandomUniformFullIntV2', inputs, attributes, 'words');
  return { graph, drawn: drawInPairs(graph, graph.node(name)!) };
}

describe('words drawn two at a time', () => {
  it('come from the same key and counter, as many as are wanted and a last group filled up', () => {
    const { graph, drawn } = draw([3, 5], DType.uint32);
    expect(drawn!.pairsShape).toEqual([4, 2]);
    const pairs = graph.node(drawn!.pairs)!;
    expect(pairs.inputs).toEqual([graph.int32([4, 2], [2]), 'key', 'counter', 'algorithm']);
    expect(pairs.attributes.dtype).toEqual(type(DType.uint64));
  });

  it('take the place of the node and have its shape', () => {
    const { graph, drawn } = draw([3, 5], DType.uint32);
    expect(drawn!.node.name).toBe('words');
    expect(drawn!.node.inputs[1]).toBe(graph.int32([3, 5], [2]));
  });

  it('are left alone where they are of another type', () => {
    const { graph, drawn } = draw([4], DType.uint64);
    expect(drawn).toBeNull();
    expect(graph.nodes).toHaveLength(5);
  });
});
