import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox } from '../../../shared/random/philox.ts';
import { DType } from './dtype.ts';
import { GraphBuilder, nodeOf, type, type Ref } from './graph-builder.ts';
import type { NodeDef } from './proto.ts';
import { drawPlainly } from './xla-philox.ts';

interface Draw {
  readonly shape: readonly number[];
  readonly key: readonly [low: number, high: number];
  readonly firstGroup: number;
}

/** A draw as `randomWords` records it, of the step `step`. */
function recordDraw({ shape, key: [low, high], firstGroup }: Draw): { graph: GraphBuilder; node: NodeDef } {
  const graph = new GraphBuilder();
  const word = (value: bigint, dims: readonly number[]): Ref =>
    graph.constant(DType.uint64, dims, BigUint64Array.of(value));
  graph.add('Placeholder', [], { dtype: type(DType.uint64) }, 'step');
  const counter = graph.pack([word(BigInt(firstGroup), []), 'step'], DType.uint64);
  const key = word((BigInt(high) << 32n) | BigInt(low), [1]);
  const inputs = [graph.int32(shape, [shape.length]), key, counter, graph.int32([1])];
  const name = graph.add('StatelessRandomUniformFullIntV2', inputs, { dtype: type(DType.uint32) }, 'words');
  return { graph, node: graph.node(name)! };
}

const WORD = 0xffff_ffff_ffff_ffffn;
const BINARY: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  Mul: (a, b) => (a * b) & WORD,
  BitwiseAnd: (a, b) => a & b,
  BitwiseOr: (a, b) => a | b,
  BitwiseXor: (a, b) => a ^ b,
  LeftShift: (a, b) => (a << b) & WORD,
  RightShift: (a, b) => a >> b,
};

/** Computes the few operations that a draw is made of, on vectors of BigInts; scalars are vectors of one. */
class Interpreter {
  readonly #graph: GraphBuilder;
  readonly #step: bigint;

  constructor(graph: GraphBuilder, step: number) {
    this.#graph = graph;
    this.#step = BigInt(step);
  }

  compute(ref: Ref): bigint[] {
    const node = this.#graph.node(nodeOf(ref))!;
    if (node.op === 'Const') return constantOf(node);
    if (node.op === 'Placeholder') return [this.#step];
    const inputs = node.inputs.map((input) => this.compute(input));
    const binary = BINARY[node.op];
    return binary ? combine(binary, inputs[0]!, inputs[1]!) : shape(node, inputs);
  }
}

function constantOf({ attributes: { value } }: NodeDef): bigint[] {
  if (value?.kind !== 'tensor') throw new Error('a constant without a value');
  const { buffer } = value.content.slice();
  return value.dtype === DType.uint64
    ? [...new BigUint64Array(buffer)]
    : Array.from(new Int32Array(buffer), BigInt);
}

function combine(apply: (a: bigint, b: bigint) => bigint, a: bigint[], b: bigint[]): bigint[] {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => apply(a[i % a.length]!, b[i % b.length]!));
}

function shape({ op, attributes }: NodeDef, [first, second, third]: bigint[][]): bigint[] {
  if (op === 'Reshape') return first!;
  if (op === 'Cast') {
    const isWord = attributes.DstT?.kind === 'type' && attributes.DstT.value === DType.uint32;
    return isWord ? first!.map((value) => BigInt.asUintN(32, value)) : first!;
  }
  if (op === 'Range') {
    return Array.from({ length: Number(second![0]! - first![0]!) }, (_, i) => first![0]! + BigInt(i));
  }
  if (op === 'Slice') return first!.slice(Number(second![0]!), Number(second![0]! + third![0]!));
  throw new Error(`${op} is none of a draw's operations`);
}

/** Words one after the other; `Pack` along axis 1 is done here. */
function drawnWords(draw: Draw, step: number): number[] {
  const { graph, node } = recordDraw(draw);
  const { pairs } = drawPlainly(graph, node)!;
  const interpreter = new Interpreter(graph, step);
  const pack = graph.nodes.find(({ op, inputs }) => op === 'Pack' && inputs.length === 4)!;
  const columns = pack.inputs.map((input) => interpreter.compute(input));
  expect(pairs).toHaveLength(2);
  const words = columns[0]!.flatMap((_, group) => columns.map((column) => Number(column[group]!)));
  return words.slice(
    0,
    draw.shape.reduce((product, side) => product * side, 1),
  );
}

function expectedWords({ shape: sides, key, firstGroup }: Draw, step: number): number[] {
  const count = sides.reduce((product, side) => product * side, 1);
  const out = new Uint32Array(count);
  for (let at = 0; at < count; at += 4) philox(key, [firstGroup + at / 4, 0, step, 0], out, at);
  return [...out];
}

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const draws = fc.record({
  shape: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 }),
  key: fc.tuple(word, word),
  firstGroup: fc.integer({ min: 0, max: 2 ** 24 }),
});

describe('a draw by plain operations', () => {
  it("gives philox's words", () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: 0, max: 2 ** 31 - 1 }), (draw, step) => {
        expect(drawnWords(draw, step)).toEqual(expectedWords(draw, step));
      }),
    );
  });

  it('takes the place of the node and has its shape', () => {
    const { graph, node } = recordDraw({ shape: [3, 5], key: [1, 2], firstGroup: 0 });
    const drawn = drawPlainly(graph, node)!;
    expect(drawn.node.name).toBe('words');
    expect(drawn.groups).toBe(4);
    const sides = graph.node(drawn.node.inputs[1]!)!;
    expect(constantOf(sides)).toEqual([3n, 5n]);
  });

  it('leaves a draw alone whose counter is not known', () => {
    const { graph, node } = recordDraw({ shape: [4], key: [1, 2], firstGroup: 0 });
    const other = { ...node, inputs: [node.inputs[0]!, node.inputs[1]!, 'step', node.inputs[3]!] };
    const before = graph.nodes.length;
    expect(drawPlainly(graph, other)).toBeNull();
    expect(graph.nodes.length).toBe(before);
  });
});
