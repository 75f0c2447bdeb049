import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../../shared/random/stream.ts';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import type { ExampleSet, LoadedDataset } from '../data/loaded-dataset.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { prepareInspection } from './inspected-run.ts';
import { openNet, type OpenNet } from './open-net.ts';
import { openPadNet } from './pad.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());

const SIDE = 5;
const PIXELS = SIDE * SIDE;
/** What the dataset's numbers lie between, unlike bytes. */
const [LEAST, GREATEST] = [-2, 6];

/** Images of floats, each part with both ends of the scale in it. */
function imagesOf(count: number, name: string): ExampleSet {
  const stream = openStream(1, 'generator', name);
  const values = Float32Array.from(
    { length: count * PIXELS },
    () => LEAST + (GREATEST - LEAST) * stream.nextUniform(),
  );
  values.set([LEAST, GREATEST]);
  return {
    features: { shape: [count, SIDE, SIDE, 1], values },
    targets: [Int32Array.from({ length: count }, (_, i) => i % 3)],
    exampleCount: count,
  };
}

const classes = ['circle', 'square', 'cross'];
const dataset: LoadedDataset = {
  info: {
    id: 'marks',
    name: 'Marks',
    task: 'classification',
    featureShape: [SIDE, SIDE, 1],
    classes,
    targets: [{ name: 'mark', kind: 'class', classes, unit: null }],
    featureNames: [],
    columns: null,
    origin: 'imported',
    trainExamples: 60,
    testExamples: 12,
    generated: false,
    licence: '',
    available: true,
  },
  train: imagesOf(60, 'train'),
  test: imagesOf(12, 'test'),
  sha256: '0'.repeat(64),
};

function open(change: Partial<ExperimentInput>): OpenNet {
  const parsed = experiment.parse({
    schemaVersion: 1,
    name: 'drawn to',
    data: { dataset: 'marks' },
    model: {
      layers: [
        { kind: 'conv2d', name: 'conv', filters: 2, kernelSize: 3, activation: 'relu' },
        { kind: 'flatten' },
        { kind: 'dense', units: 3 },
      ],
    },
    ...change,
  });
  const run = prepareInspection(parsed, 1, dataset, null);
  return openNet(engine, run, run.net!, run.net!.step.state);
}

/** A test example as it is shown: between 0 and 255. */
function shown(row: number): Float32Array {
  const example = dataset.test.features.values.subarray(row * PIXELS, (row + 1) * PIXELS);
  return Float32Array.from(example, (value) => (255 * (value - LEAST)) / (GREATEST - LEAST));
}

/** The net's logits for test examples, by the way all other questions go. */
async function logitsOf(net: OpenNet): Promise<Float32Array> {
  const { shape, values } = await net.run.feed(dataset.test.features);
  const examples = tf.tensor(values, [...shape], 'float32');
  const [logits] = await net.predict(examples);
  examples.dispose();
  return logits!;
}

describe('a net on the drawing pad', () => {
  it.each([
    [[]],
    [[{ kind: 'standardise' }]],
    [[{ kind: 'standardise' }, { kind: 'zca-whitening', epsilon: 0.1 }]],
  ] as const)(
    'reads a drawing in the scale of its own data, after the preparation %j',
    async (preprocessing) => {
      const net = open({ preprocessing: [...preprocessing] });
      const logits = await logitsOf(net);
      const pad = openPadNet(net);
      for (const row of [0, 5, 11]) {
        const { heads } = await pad.answer(shown(row), null);
        const own = [...logits.subarray(row * 3, row * 3 + 3)].map(Math.exp);
        const sum = own.reduce((a, b) => a + b, 0);
        expect(heads[0]).toMatchObject({ name: 'mark', classes });
        heads[0]!.probabilities.forEach((share, i) => expect(share).toBeCloseTo(own[i]! / sum, 4));
      }
      pad.dispose();
    },
  );

  it('leaves nothing on the engine, whatever it was asked', async () => {
    const before = engine.memory();
    const pad = openPadNet(open({}));
    await pad.answer(shown(0), null);
    const held = engine.memory();
    await pad.answer(shown(1), 'conv');
    await expect(pad.answer(shown(1), 'gone')).rejects.toMatchObject({ code: 'not-found' });
    await expect(pad.answer(new Float32Array(4), null)).rejects.toMatchObject({ code: 'shape-mismatch' });
    expect(engine.memory()).toEqual(held);
    pad.dispose();
    expect(engine.memory()).toEqual(before);
  });

  it('is refused where it says nothing that is a number', async () => {
    const pad = openPadNet(open({}));
    const asked = pad.answer(new Float32Array(PIXELS).fill(NaN), null);
    await expect(asked).rejects.toMatchObject({ code: 'not-a-number' });
    pad.dispose();
  });
});
