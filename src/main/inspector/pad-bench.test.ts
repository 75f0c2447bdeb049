import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { Inspection, type TrainedRun } from '../../../test/fixtures/inspection.ts';
import { openEngine } from '../engine/index.ts';
import type { InspectedNet } from '../inspect/inspector-contract.ts';
import { PadBench } from './pad-bench.ts';
import { Workbench } from './workbench.ts';

const inspection = new Inspection();
let bench: Workbench;
let pad: PadBench;
let run: TrainedRun;
let convolved: TrainedRun;

const digits = {
  data: { dataset: 'mnist', split: { trainLimit: 64, testLimit: 32 } },
  evaluation: { batchSize: 32 },
  training: { batchSize: 32, epochs: 9, optimizer: { kind: 'adam', learningRate: 0.01 } },
} as const;
const flatten = { kind: 'flatten' } as const;
const answer = { kind: 'dense', units: 10 } as const;
const image = Float32Array.from({ length: 784 }, (_, i) => (i % 28 > 12 && i % 28 < 16 ? 230 : 0));

beforeAll(async () => {
  run = await inspection.train({
    ...digits,
    preprocessing: [{ kind: 'standardise' }],
    model: { layers: [flatten, answer] },
  });
  convolved = await inspection.train({
    ...digits,
    training: { ...digits.training, epochs: 1 },
    preprocessing: [{ kind: 'unit-scale' }],
    model: {
      layers: [
        { kind: 'conv2d', name: 'conv', filters: 4, kernelSize: 3, activation: 'relu' },
        flatten,
        answer,
      ],
    },
  });
  bench = new Workbench(openEngine);
  pad = new PadBench(bench);
});
afterAll(async () => {
  await bench.close();
  await inspection.close();
});

const ask = (nets: readonly InspectedNet[], drawing = image, layer: string | null = null) =>
  pad.answer(
    inspection.places,
    nets.map((net) => ({ net, layer })),
    drawing,
  );

describe('the nets of a drawing pad', () => {
  it('say to a stored image what the results of their run say of it', async () => {
    for (const trained of [run, convolved]) {
      const results = await inspection.classify(trained.netAt(1), 'test');
      const { dataset } = await bench.open(inspection.places, trained.netAt(1)).then((net) => {
        net.dispose();
        return net.run;
      });
      for (const place of [0, 7, 31]) {
        const row = results.rows[place]!;
        const drawing = Float32Array.from(dataset.test.features.values.subarray(row * 784, (row + 1) * 784));
        const [reply] = await ask([trained.netAt(1)], drawing);
        const { probabilities, classes } = reply!.heads[0]!;
        const named = probabilities.indexOf(Math.max(...probabilities));
        expect([named, classes.length]).toEqual([results.predicted[place], 10]);
        expect(probabilities[named]).toBeCloseTo(results.confidence[place]!, 5);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      }
    }
    pad.close();
  });

  it('give the maps of the layer asked for', async () => {
    const [reply] = await ask([convolved.netAt(1)], image, 'conv');
    expect(reply!.maps).toMatchObject({ layer: 'conv', shape: [28, 28, 4] });
    expect(reply!.maps!.values.length).toBe(28 * 28 * 4);
    const gone = ask([convolved.netAt(1)], image, 'gone');
    await expect(gone).rejects.toMatchObject({
      code: 'not-found',
      details: { runId: convolved.netAt(1).runId },
    });
    pad.close();
  });

  it('stay open, eight of them, those asked last, and leave nothing behind', async () => {
    await ask([run.netAt(1)]);
    pad.close();
    const before = tf.memory().numTensors;
    await ask([run.netAt(1)]);
    const perNet = tf.memory().numTensors - before;
    expect(perNet).toBe(2);
    await ask([run.netAt(1)]);
    expect(tf.memory().numTensors - before).toBe(perNet);
    await ask([2, 3, 4, 5, 6, 7, 8].map((epoch) => run.netAt(epoch)));
    expect([pad.size, tf.memory().numTensors - before]).toEqual([8, 8 * perNet]);
    await ask([run.netAt(1)]);
    await ask([run.netAt(9)]);
    expect([pad.size, tf.memory().numTensors - before]).toEqual([8, 8 * perNet]);
    pad.close();
    expect([pad.size, tf.memory().numTensors - before]).toEqual([0, 0]);
  });

  it('go with their engine, and open again on the next', async () => {
    const [first] = await ask([run.netAt(3)]);
    await bench.close();
    expect(pad.size).toBe(0);
    const [again] = await ask([run.netAt(3)]);
    expect(again!.heads[0]!.probabilities).toEqual(first!.heads[0]!.probabilities);
    pad.close();
  });

  it('refuse drawings of another size, and nets that read none', async () => {
    const short = ask([run.netAt(1)], new Float32Array(100));
    await expect(short).rejects.toMatchObject({ code: 'shape-mismatch' });
    const rings = await inspection.train({
      data: { dataset: 'circles' },
      model: { layers: [{ kind: 'dense', units: 2 }] },
      training: { epochs: 1 },
    });
    pad.close();
    const before = tf.memory().numTensors;
    const rows = ask([rings.netAt(1)], new Float32Array(2));
    await expect(rows).rejects.toMatchObject({
      code: 'unsupported',
      details: { runId: rings.netAt(1).runId },
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
