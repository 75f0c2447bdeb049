import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, TrainingStep } from '../../src/main/engine/engine.ts';
import { dropoutFactors } from '../../src/main/engine/portable/ops.ts';
import { streamKey } from '../../src/shared/random/stream.ts';
import { engineCases, openTestEngine } from './engines.ts';

/** Large enough for TensorFlow to share it among threads; no multiple of a group of four words. */
const size = 100_001;
const rate = 0.3;
const key = streamKey(9, 'dropout', 'dropout-1');

/** Keeps the dropped-out ones of the step in a buffer, to be read back. */
const maskStep: TrainingStep = {
  state: [{ name: 'mask', role: 'buffer', shape: [size], values: new Float32Array(size) }],
  inputs: [{ name: 'x', shape: [1, 1], values: Float32Array.of(1) }],
  scalarNames: [],
  metricNames: ['nothing'],
  update: { slots: [], apply: ({ parameter }) => ({ parameter, slots: [] }), fused: null },
  run: ({ ops, step }) => ({
    gradients: {},
    buffers: { mask: ops.dropout(tf.ones([size]), rate, key, step) },
    metrics: [tf.scalar(0)],
  }),
};

describe.each(engineCases)('dropout on the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test('drops at every step exactly what Philox says for its key, element and step', async () => {
    const options = { batchSize: 1, plannedSteps: 3, hasConvolutions: false, executor, stepsPerCall: 1 };
    const program = await engine.createTrainingProgram(maskStep, options);
    for (const firstStep of [0, 1, 70_000]) {
      await program.run({ indices: Int32Array.of(0), batchSize: 1, steps: 1, scalars: {}, firstStep });
      const [mask] = await program.readState();
      const expected = dropoutFactors(size, rate, key, firstStep);
      expect(mask!.values.every((factor, i) => factor === expected[i])).toBe(true);
    }
    program.dispose();
  });
});
