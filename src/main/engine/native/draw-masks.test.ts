import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import type { Engine, RandomKey, TrainingStep } from '../engine.ts';
import { openEngine } from '../index.ts';
import { dropoutFactors } from '../portable/ops.ts';
import { DType } from './dtype.ts';
import { drawMasks } from './draw-masks.ts';
import { GraphBuilder, type } from './graph-builder.ts';
import type { MaskFunctions } from './mask-functions.ts';

const KEY: RandomKey = [0xdeadbeef, 0xfedcba98];
const FIRST_STEP = 70_000;
/** Enough that XLA draws, and no multiple of the four words that are drawn at once. */
const SHAPE = [3, 7_001];
const RATE = 0.3;

let engine: Engine;

beforeAll(async () => {
  const options = { choice: 'tensorflow', threads: 2, device: 'cpu' } as const;
  ({ engine } = await openEngine(options, cacheDirectory()));
});
afterAll(() => engine.dispose());

/** A step that leaves two masks of ones in its state: one of `SHAPE`, one of another key and rate. */
const dropping: TrainingStep = {
  state: ['mask', 'other'].map((name) => ({
    name,
    role: 'buffer',
    shape: SHAPE,
    values: new Float32Array(SHAPE[0]! * SHAPE[1]!),
  })),
  inputs: [{ name: 'x', shape: [8], values: new Float32Array(8) }],
  scalarNames: [],
  metricNames: ['none'],
  update: {
    slots: [],
    apply: ({ parameter }) => ({ parameter: tf.clone(parameter), slots: [] }),
    fused: null,
  },
  run: ({ ops, step }) => ({
    gradients: {},
    buffers: tf.tidy(() => ({
      mask: ops.dropout(tf.ones(SHAPE), RATE, KEY, step),
      other: ops.dropout(tf.ones(SHAPE), 0.75, [1, 2], step),
    })),
    metrics: [tf.scalar(0)],
  }),
};

async function masksAfter(steps: number, executor: 'graph' | 'xla'): Promise<number[][]> {
  const program = await engine.createTrainingProgram(dropping, {
    batchSize: 3,
    plannedSteps: 100,
    hasConvolutions: false,
    executor,
    stepsPerCall: steps,
  });
  const call = {
    indices: new Int32Array(steps * 3),
    batchSize: 3,
    steps,
    scalars: {},
    firstStep: FIRST_STEP,
  };
  await program.run(call);
  const state = await program.readState();
  program.dispose();
  return state.map(({ values }) => [...values]);
}

describe('a large mask in the graph executor', () => {
  it.each(['graph', 'xla'] as const)(
    'is the one that plain JavaScript draws, new at every step (%s)',
    async (executor) => {
      const size = SHAPE[0]! * SHAPE[1]!;
      for (const steps of [1, 3]) {
        const step = FIRST_STEP + steps - 1;
        const expected = [dropoutFactors(size, RATE, KEY, step), dropoutFactors(size, 0.75, [1, 2], step)];
        expect(await masksAfter(steps, executor)).toEqual(expected.map((factors) => [...factors]));
      }
    },
  );

  it('leaves nothing behind but the state', async () => {
    await masksAfter(1, 'graph');
    const before = engine.memory();
    await masksAfter(1, 'graph');
    expect(engine.memory()).toEqual(before);
  });
});

describe('the graph', () => {
  const words = (graph: GraphBuilder, size: number) =>
    graph.add(
      'StatelessRandomUniformFullIntV2',
      [graph.int32([size], [1]), 'key', 'counter', graph.int32([1])],
      {
        dtype: type(DType.uint32),
        Tshape: type(DType.int32),
      },
    );
  const drawing = { name: 'epoch_mask_5000' };
  const functions = { take: (groups: number) => (groups === 5_000 ? drawing : null) };
  const mask = (graph: GraphBuilder, size: number) => {
    const threshold = graph.constant(DType.uint32, [], Uint32Array.of(7));
    const kept = graph.binary('GreaterEqual', words(graph, size), threshold, DType.uint32);
    return graph.binary('Mul', graph.cast(kept, DType.bool, DType.float32), graph.float32(2), DType.float32);
  };
  const draw = (graph: GraphBuilder) => drawMasks(graph, functions as unknown as MaskFunctions);

  it('calls one function for masks of one size', () => {
    const graph = new GraphBuilder();
    const [first, second] = [mask(graph, 20_000), mask(graph, 20_000)];
    expect(draw(graph)).toEqual([drawing]);
    expect([first, second].map((name) => graph.node(name)?.op)).toEqual(['Reshape', 'Reshape']);
  });

  it('is left as it was where words are few, or are for something else', () => {
    const graph = new GraphBuilder();
    mask(graph, 100);
    graph.binary('RightShift', words(graph, 20_000), 'bits', DType.uint32);
    const kept = graph.binary('GreaterEqual', words(graph, 20_000), 'threshold', DType.uint32);
    graph.cast(kept, DType.bool, DType.float32);
    graph.cast(kept, DType.bool, DType.int32);
    const before = graph.nodes;
    expect(draw(graph)).toEqual([]);
    expect(graph.nodes).toEqual(before);
  });
});
