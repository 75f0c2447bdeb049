import { describe, expect, it } from 'vitest';
import { DType } from './dtype.ts';
import { lateReaders } from './fused-update.ts';
import { GraphBuilder, nodeOf } from './graph-builder.ts';
import { encodeAttribute, encodeConfig, encodeGraph } from './proto.ts';

describe('constants', () => {
  it('that are small and equal are one node', () => {
    const graph = new GraphBuilder();
    expect(graph.int32([1])).toBe(graph.int32([1]));
    expect(graph.int32([1])).not.toBe(graph.int32([2]));
    expect(graph.int32([1], [1])).not.toBe(graph.int32([1]));
    expect(graph.int32([0])).not.toBe(graph.float32(0));
  });

  it('of one repeated value are filled, not stored', () => {
    const graph = new GraphBuilder();
    const ones = graph.constant(DType.float32, [1_000, 1_000], new Float32Array(1_000_000).fill(1));
    expect(graph.node(ones)?.op).toBe('Fill');
    expect(encodeGraph(graph.nodes).length).toBeLessThan(1_000);
  });

  it('of different values are stored whole', () => {
    const graph = new GraphBuilder();
    const ref = graph.constant(
      DType.float32,
      [32],
      Float32Array.from({ length: 32 }, (_, i) => i),
    );
    expect(graph.node(ref)?.op).toBe('Const');
  });
});

describe('references', () => {
  it('lead back to their node', () => {
    expect(['a', 'a:1', '^a', '^a:12'].map(nodeOf)).toEqual(['a', 'a', 'a', 'a']);
  });

  it('tell what a result depends on', () => {
    const graph = new GraphBuilder();
    const [a, b] = [graph.float32(1), graph.float32(2)];
    const sum = graph.binary('AddV2', a, b, DType.float32);
    const unused = graph.binary('Mul', a, b, DType.float32);
    expect(graph.ancestors([sum])).toEqual(new Set([sum, a, b]));
    expect(graph.ancestors([sum]).has(unused)).toBe(false);
  });

  it('name the readers that an update in place must wait for: those it does not depend on anyway', () => {
    const graph = new GraphBuilder();
    const read = graph.float32(3);
    const forward = graph.binary('Mul', read, graph.float32(2), DType.float32);
    const gradient = graph.binary('AddV2', forward, graph.float32(1), DType.float32);
    const backward = graph.binary('Sub', read, gradient, DType.float32);
    const dead = graph.binary('Div', read, gradient, DType.float32);
    const live = graph.ancestors([gradient, backward]);
    expect(lateReaders(graph, live, read, [gradient])).toEqual([`^${backward}`]);
    expect(live.has(dead)).toBe(false);
  });
});

describe('protocol buffers', () => {
  it('are written as the wire format says', () => {
    expect([...encodeAttribute({ kind: 'int', value: 300 })]).toEqual([0x18, 0xac, 0x02]);
    expect([...encodeAttribute({ kind: 'bool', value: true })]).toEqual([0x28, 1]);
    expect([...encodeAttribute({ kind: 'float', value: 1 })]).toEqual([0x25, 0, 0, 0x80, 0x3f]);
    expect([...encodeAttribute({ kind: 'string', value: 'é' })]).toEqual([0x12, 2, 0xc3, 0xa9]);
    expect([...encodeAttribute({ kind: 'shape', value: [5] })]).toEqual([0x3a, 4, 0x12, 2, 0x08, 5]);
    expect([...encodeAttribute({ kind: 'types', value: [1, 3] })]).toEqual([0x0a, 4, 0x30, 1, 0x30, 3]);
  });

  it('write negative integers in ten bytes, as int64', () => {
    const bytes = encodeAttribute({ kind: 'int', value: -1 });
    expect([...bytes]).toEqual([0x18, ...Array<number>(9).fill(0xff), 0x01]);
  });

  it('set the threads within and between operations', () => {
    const options = { threadsPerOperation: 1, operationsAtOnce: 2, allowCuda: true };
    expect([...encodeConfig(options)].slice(0, 4)).toEqual([0x10, 1, 0x28, 2]);
  });
});
