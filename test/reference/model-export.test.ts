import * as tf from '@tensorflow/tfjs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, StateTensor } from '../../src/main/engine/engine.ts';
import { forwardInference, initialiseModel, planModel } from '../../src/main/model/index.ts';
import { restorePreprocessing, type StoredPreprocessing } from '../../src/main/preprocess/index.ts';
import { exportModel, type TrainedNet } from '../../src/main/report/model/export-model.ts';
import { experiment as experimentSchema } from '../../src/shared/schema/experiment.ts';
import { openTestEngine } from './engines.ts';
import { loadSavedModel } from './saved-model-loader.ts';

const BATCH = 3;
const TOLERANCE = 1e-5;

/** Numbers that repeat nowhere soon, in [-1, 1). */
function numbers(count: number, salt: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => ((((i + 1) * 7919 + salt * 104729) % 2003) / 2003) * 2 - 1,
  );
}

interface Case {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly unknown[];
  readonly heads?: readonly unknown[];
  readonly preprocessing: StoredPreprocessing | null;
}

const perFeature = (width: number): StoredPreprocessing => ({
  scale: Array.from({ length: width }, (_, i) => 0.5 + (i % 7) / 10),
  offset: Array.from({ length: width }, (_, i) => -0.3 + (i % 5) / 10),
  whitening: null,
  target: [],
});

const perChannel = (width: number): StoredPreprocessing => ({
  scale: Array.from({ length: width }, (_, i) => [1 / 200, 1 / 255, 1 / 300][i % 3]!),
  offset: Array.from({ length: width }, (_, i) => [0.1, -0.2, 0.3][i % 3]!),
  whitening: null,
  target: [],
});

const whitened = (width: number): StoredPreprocessing => ({
  ...perFeature(width),
  whitening: Buffer.from(numbers(width * width, 5).buffer).toString('base64'),
});

const cases: readonly Case[] = [
  {
    name: 'every activation of an MLP, features standardised',
    inputShape: [5],
    layers: ['relu', 'relu6', 'leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'softmax', 'linear'].map(
      (activation) => ({ kind: 'dense', units: 6, activation }),
    ),
    preprocessing: perFeature(5),
  },
  {
    name: 'a convolutional net with every kind of window',
    inputShape: [11, 9, 3],
    layers: [
      {
        kind: 'conv2d',
        filters: 4,
        kernelSize: [3, 2],
        padding: 'same',
        strides: [2, 1],
        activation: 'relu',
      },
      { kind: 'batch-norm' },
      { kind: 'max-pool2d', poolSize: 3, strides: 2, padding: 'same' },
      { kind: 'conv2d', filters: 5, kernelSize: 2, dilation: 2, padding: 'same', useBias: false },
      { kind: 'activation', activation: 'relu6' },
      { kind: 'average-pool2d', poolSize: 2, strides: 1, padding: 'same' },
      { kind: 'dropout', rate: 0.4 },
      { kind: 'flatten' },
      { kind: 'batch-norm' },
      { kind: 'dense', units: 4, useBias: false },
    ],
    preprocessing: perChannel(11 * 9 * 3),
  },
  {
    name: 'a residual graph with two heads, pixels scaled one by one',
    inputShape: [6, 6, 2],
    layers: [
      { kind: 'conv2d', name: 'stem', filters: 3, kernelSize: 3, activation: 'elu' },
      { kind: 'conv2d', name: 'branch', filters: 3, kernelSize: 1, padding: 'valid', inputs: ['stem'] },
      { kind: 'add', name: 'sum', inputs: ['stem', 'branch'] },
      { kind: 'concatenate', name: 'both', inputs: ['sum', 'stem'] },
      { kind: 'global-average-pool2d', name: 'mean', inputs: ['both'] },
      { kind: 'global-max-pool2d', name: 'most', inputs: ['both'] },
      { kind: 'concatenate', name: 'row', inputs: ['mean', 'most'] },
      { kind: 'dense', name: 'digit', units: 4, inputs: ['row'] },
      { kind: 'dense', name: 'colour', units: 2, inputs: ['row'], activation: 'softmax' },
    ],
    heads: [
      { name: 'digit', layer: 'digit', target: 'digit' },
      { name: 'tint', layer: 'colour', target: 'colour' },
    ],
    preprocessing: perFeature(72),
  },
  {
    name: 'whitened images under a softmax over channels',
    inputShape: [4, 4, 1],
    layers: [
      { kind: 'conv2d', filters: 3, kernelSize: 3, padding: 'valid', activation: 'softmax' },
      { kind: 'flatten' },
      { kind: 'dense', units: 2 },
    ],
    preprocessing: whitened(16),
  },
  {
    name: 'a single neuron without preparation',
    inputShape: [1],
    layers: [{ kind: 'dense', units: 1 }],
    preprocessing: null,
  },
];

/** Running statistics and biases that do something. */
function stirred(state: readonly StateTensor[]): StateTensor[] {
  return state.map((tensor, at) => ({
    ...tensor,
    values: tensor.name.endsWith('runningVariance')
      ? numbers(tensor.values.length, at).map((value) => 0.6 + value / 2)
      : tensor.values.map((value, i) => value + numbers(tensor.values.length, at)[i]! / 5),
  }));
}

function trainedNet({ inputShape, layers, heads = [], preprocessing }: Case): TrainedNet {
  const experiment = experimentSchema.parse({
    schemaVersion: 1,
    name: 'export',
    description: '',
    group: 'tests',
    data: { dataset: 'mnist' },
    model: { layers, heads },
    training: {
      epochs: 1,
      batchSize: 1,
      loss: 'sparse-softmax-cross-entropy',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
    },
    evaluation: {},
  });
  const plan = planModel(experiment.model, inputShape);
  return {
    runId: '0123456789',
    runName: 'A net, exported',
    epoch: 3,
    seed: 1,
    appVersion: '0.1.0',
    experiment,
    inputShape,
    classes: [],
    state: stirred(initialiseModel(plan, 1)),
    preprocessing,
  };
}

let engine: Engine;

/** What the studio's own net gives, head by head. */
function ownOutputs(trained: TrainedNet, values: Float32Array): number[][] {
  const plan = planModel(trained.experiment.model, trained.inputShape);
  const preprocessing =
    trained.preprocessing === null
      ? null
      : restorePreprocessing({ ...trained.preprocessing, whitening: null });
  return tf.tidy(() => {
    const state = Object.fromEntries(
      trained.state.map((tensor) => [tensor.name, tf.tensor(tensor.values, [...tensor.shape])]),
    );
    const x = tf.tensor(values, [BATCH, ...trained.inputShape]);
    const affine = preprocessing === null ? x : preprocessing.apply(x);
    const whitening = trained.preprocessing?.whitening ?? null;
    const width = values.length / BATCH;
    const prepared =
      whitening === null
        ? affine
        : tf
            .matMul(affine.reshape([BATCH, width]), tf.tensor(decode(whitening), [width, width]))
            .reshape(x.shape);
    return forwardInference(plan, prepared, { ops: engine.ops, state }).map((output) => [
      ...output.dataSync(),
    ]);
  });
}

function decode(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

function expectClose(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(found.map((one) => one.length)).toEqual(expected.map((one) => one.length));
  const differences = found.flatMap((one, head) =>
    one.map((value, i) => Math.abs(value - expected[head]![i]!)),
  );
  expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
  expect(Math.max(...expected.flat().map(Math.abs))).toBeGreaterThan(1e-3);
}

beforeAll(async () => {
  engine = await openTestEngine('cpu');
});
afterAll(() => engine.dispose());

describe.each(cases)('$name', (one) => {
  const trained = trainedNet(one);
  const width = one.inputShape.reduce((product, side) => product * side, 1);
  const values = numbers(BATCH * width, 3);
  const files = (format: 'onnx' | 'tfjs' | 'saved-model') =>
    new Map(exportModel(trained, format).map(({ name, bytes }) => [name, bytes]));
  const outputNames = trained.experiment.model.heads.map(({ name }) => name);
  const names = outputNames.length === 0 ? ['output'] : outputNames;

  it('gives the same outputs in onnxruntime', async () => {
    const [bytes] = [...files('onnx').values()];
    const session = await InferenceSession.create(bytes!);
    const found = await session.run({ input: new Tensor('float32', values, [BATCH, ...one.inputShape]) });
    expectClose(
      names.map((name) => [...(found[name]!.data as Float32Array)]),
      ownOutputs(trained, values),
    );
  });

  it('gives the same outputs in TensorFlow', () => {
    const folder = mkdtempSync(join(tmpdir(), 'epoch-studio-saved-model-'));
    try {
      for (const [name, bytes] of files('saved-model')) writeFileSync(join(folder, name), bytes);
      const found = loadSavedModel(folder, values, [BATCH, ...one.inputShape], names);
      expectClose(found, ownOutputs(trained, values));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('gives the same outputs in TensorFlow.js', async () => {
    const found = files('tfjs');
    const json = JSON.parse(Buffer.from(found.get('model.json')!).toString('utf8')) as {
      modelTopology: object;
      weightsManifest: [{ weights: tf.io.WeightsManifestEntry[] }];
    };
    const handler = tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: found.get('weights.bin')!.buffer,
    });
    const model = await tf.loadLayersModel(handler);
    const outputs = tf.tidy(() => {
      const predicted = model.predict(tf.tensor(values, [BATCH, ...one.inputShape]));
      return [predicted].flat().map((output) => [...output.dataSync()]);
    });
    model.dispose();
    expectClose(outputs, ownOutputs(trained, values));
  });
});
