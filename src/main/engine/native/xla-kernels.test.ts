import { describe, expect, it } from 'vitest';
import { DType } from './dtype.ts';
import { GraphBuilder } from './graph-builder.ts';
import { usePlainKernels } from './xla-kernels.ts';

function graphOf(op: string, inputs: readonly string[], dtype: number): GraphBuilder {
  const graph = new GraphBuilder();
  for (const name of ['gradient', 'feature']) graph.add('Placeholder', [], {}, name);
  graph.add(op, inputs, { T: { kind: 'type', value: dtype } }, 'result');
  usePlainKernels(graph);
  return graph;
}

describe('kernels that XLA knows itself', () => {
  it('take the place of relu', () => {
    const graph = graphOf('Relu', ['feature'], DType.float32);
    const { op, inputs } = graph.node('result')!;
    expect(op).toBe('Maximum');
    expect(inputs).toEqual([graph.float32(0), 'feature']);
  });

  it('take the place of its gradient', () => {
    const graph = graphOf('ReluGrad', ['gradient', 'feature'], DType.float32);
    const { op, inputs } = graph.node('result')!;
    expect(op).toBe('SelectV2');
    expect(inputs.slice(1)).toEqual(['gradient', graph.float32(0)]);
    const isAbove = graph.node(inputs[0]!)!;
    expect([isAbove.op, ...isAbove.inputs]).toEqual(['Greater', 'feature', graph.float32(0)]);
  });

  it('leave other types alone', () => {
    expect(graphOf('Relu', ['feature'], DType.int32).node('result')!.op).toBe('Relu');
  });
});
