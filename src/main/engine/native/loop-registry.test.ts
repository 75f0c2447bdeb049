import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import type { Binding } from './binding.ts';
import { closeTestBinding, openTestBinding } from './binding-test-kit.ts';
import { DType } from './dtype.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { LoopDefinition } from './loop.ts';
import { LoopRegistry } from './loop-registry.ts';

const VALUE = { ref: 'value', dtype: DType.float32, shape: [] };

let binding: Binding;
let loops: LoopRegistry;

beforeAll(() => {
  binding = openTestBinding(cacheDirectory(), 1, 1);
  loops = new LoopRegistry(binding, false);
});
afterAll(() => {
  loops.dispose();
  closeTestBinding(binding);
});

/** Adds a number at each iteration. */
function adding(number: number, hasEffect = false): LoopDefinition {
  const graph = new GraphBuilder();
  const next = graph.binary('AddV2', VALUE.ref, graph.float32(number), DType.float32);
  const effects = hasEffect ? [graph.add('NoOp', [], {})] : [];
  return { name: 'adding', graph, invariants: [], carried: [VALUE], next: [next], effects, xla: false };
}

/** What three iterations make of 1. */
async function run(loop: ReturnType<LoopRegistry['take']>): Promise<number> {
  const start = binding.createTensor([], DType.float32, [1]);
  const [result] = await loop.run(3, [start]);
  const value = Number(binding.tensorDataSync(result!.id)[0]);
  for (const id of [start, result!.id]) binding.deleteTensor(id);
  return value;
}

describe('loops that do the same', () => {
  it('are one, which is there until both have given it back', async () => {
    const [first, second] = [loops.take(adding(2)), loops.take(adding(2))];
    expect(second).toBe(first);
    loops.release(first);
    expect(await run(second)).toBe(7);
    loops.release(second);
  });

  it('are taken again where one was used lately', async () => {
    const first = loops.take(adding(4));
    loops.release(first);
    const second = loops.take(adding(4));
    expect(second).toBe(first);
    expect(await run(second)).toBe(13);
    loops.release(second);
  });

  it('are others for other numbers', async () => {
    const [first, second] = [loops.take(adding(5)), loops.take(adding(6))];
    expect(await run(first)).toBe(16);
    expect(await run(second)).toBe(19);
    loops.release(first);
    loops.release(second);
  });

  it('are made anew where they act on variables, which are of one program', () => {
    const first = loops.take(adding(7, true));
    loops.release(first);
    const second = loops.take(adding(7, true));
    expect(second).not.toBe(first);
    loops.release(second);
  });

  it('are forgotten when many others have been used since', async () => {
    const first = loops.take(adding(100));
    loops.release(first);
    for (let number = 101; number < 140; number++) loops.release(loops.take(adding(number)));
    const second = loops.take(adding(100));
    expect(second).not.toBe(first);
    expect(await run(second)).toBe(301);
    loops.release(second);
  });
});
