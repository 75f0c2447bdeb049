import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { classTarget, describeDataset } from '../../src/main/data/describe-dataset.ts';
import type { ExampleSet, LoadedDataset } from '../../src/main/data/loaded-dataset.ts';
import type { Engine, StateTensor } from '../../src/main/engine/engine.ts';
import { computeAttribution } from '../../src/main/inspect/attribution.ts';
import { computeFeatureMaps } from '../../src/main/inspect/feature-maps.ts';
import { computeHistograms } from '../../src/main/inspect/histograms.ts';
import { prepareInspection } from '../../src/main/inspect/inspected-run.ts';
import { maximiseUnit } from '../../src/main/inspect/maximise.ts';
import { openNet, type OpenNet } from '../../src/main/inspect/open-net.ts';
import type { EngineKind } from '../../src/shared/schema/engine.ts';
import { experiment } from '../../src/shared/schema/experiment.ts';
import { maximisationOptions } from '../../src/shared/schema/inspection.ts';
import type { Histogram } from '../../src/shared/schema/results.ts';
import { openTestEngine } from './engines.ts';

const numbers = z.array(z.number());
const oracle = z
  .strictObject({
    torch: z.string(),
    shape: z.tuple([z.int(), z.int(), z.int()]),
    train: z.int(),
    test: z.int(),
    sideWeight: z.number(),
    features: z.array(z.int()),
    labels: z.tuple([z.array(z.int()), z.array(z.int())]),
    state: z.record(z.string(), z.strictObject({ shape: z.array(z.int()), values: numbers })),
    maps: z.record(z.string(), numbers),
    occluder: z.strictObject({ size: z.array(z.int()), stride: z.array(z.int()) }),
    cases: z.array(
      z.strictObject({
        head: z.string(),
        asked: z.int().nullable(),
        layer: z.string().nullable(),
        classIndex: z.int(),
        logit: z.number(),
        probability: z.number(),
        saliency: numbers,
        gradCam: numbers,
        occlusion: numbers,
      }),
    ),
    maximisations: z.array(
      z.strictObject({
        layer: z.string(),
        unit: z.int(),
        steps: z.int(),
        learningRate: z.number(),
        l2: z.number(),
        totalVariation: z.number(),
        seed: z.int(),
        raw: numbers,
        before: z.number(),
        after: z.number(),
      }),
    ),
    gradients: z.record(
      z.string(),
      z.strictObject({ minimum: z.number(), maximum: z.number(), mean: z.number(), deviation: z.number() }),
    ),
    saturated: z.number(),
  })
  .parse(JSON.parse(readFileSync(new URL('inspection.json', import.meta.url), 'utf8')));

const TOLERANCE = 1e-4;

function classesOf(count: number): string[] {
  return Array.from({ length: count }, (_, label) => `class ${label}`);
}

/** Examples from `first` on, as a part of a dataset. */
function part(first: number, exampleCount: number): ExampleSet {
  const size = oracle.shape.reduce((product, side) => product * side, 1);
  return {
    features: {
      shape: [exampleCount, ...oracle.shape],
      values: Uint8Array.from(oracle.features.slice(first * size, (first + exampleCount) * size)),
    },
    targets: oracle.labels.map((labels) => Int32Array.from(labels.slice(first, first + exampleCount))),
    exampleCount,
  };
}

const dataset: LoadedDataset = {
  info: describeDataset({
    id: 'oracle',
    name: 'Oracle',
    featureShape: [...oracle.shape],
    targets: [classTarget('main', classesOf(4)), classTarget('side', classesOf(3))],
    featureNames: [],
    columns: null,
    origin: 'imported',
    trainExamples: oracle.train,
    testExamples: oracle.test,
    licence: '',
    available: true,
  }),
  train: part(0, oracle.train),
  test: part(oracle.train, oracle.test),
  sha256: '',
};

const conv = { kind: 'conv2d', kernelSize: 3 } as const;
const inspected = experiment.parse({
  schemaVersion: 1,
  name: 'inspected',
  data: { dataset: 'oracle', split: { devFraction: 0 } },
  preprocessing: [{ kind: 'unit-scale' }],
  model: {
    layers: [
      { ...conv, name: 'a', filters: 4, activation: 'relu' },
      { ...conv, name: 'b', filters: 4, dilation: 2 },
      { kind: 'add', name: 'sum', inputs: ['a', 'b'] },
      { kind: 'batch-norm', name: 'norm' },
      { kind: 'activation', name: 'act', activation: 'relu' },
      { kind: 'max-pool2d', name: 'pool' },
      { ...conv, name: 'c', inputs: ['pool'], filters: 5, padding: 'valid', activation: 'tanh' },
      { ...conv, name: 'd', inputs: ['pool'], filters: 2, padding: 'valid', activation: 'sigmoid' },
      { kind: 'concatenate', name: 'join', inputs: ['c', 'd'] },
      { ...conv, name: 'last', filters: 6, activation: 'relu' },
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', name: 'hidden', units: 8, activation: 'leaky-relu' },
      { kind: 'dense', name: 'logits', units: 4 },
      { kind: 'global-average-pool2d', name: 'mean', inputs: ['act'] },
      { kind: 'dense', name: 'side', units: 3 },
    ],
    heads: [
      { name: 'main', layer: 'logits', target: 'main' },
      { name: 'side', layer: 'side', target: 'side', weight: oracle.sideWeight },
    ],
  },
});

function openOracle(engine: Engine): OpenNet {
  const run = prepareInspection(inspected, 1, dataset, null);
  const net = run.net!;
  const state: StateTensor[] = net.step.state.map((tensor) => {
    const stored = oracle.state[tensor.name];
    return stored === undefined ? tensor : { ...tensor, values: Float32Array.from(stored.values) };
  });
  return openNet(engine, run, net, state);
}

/** The largest distance between numbers and the oracle's, as a share of its largest number where that is below 1. */
function distance(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const farthest = expected.reduce((most, value, i) => Math.max(most, Math.abs(found[i]! - value)), 0);
  return farthest / Math.min(1, largest);
}

const input = { kind: 'row', part: 'test', row: 0 } as const;

const engines: EngineKind[] = ['cpu', 'wasm', 'tensorflow'];

describe.each(engines)('inside a graph net on %s', (kind) => {
  let engine: Engine;
  let net: OpenNet;
  let weights: number;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
    net = openOracle(engine);
    weights = engine.memory().tensors;
  });
  afterEach(() => {
    const { tensors, handles } = engine.memory();
    expect(tensors).toBe(weights);
    // TensorFlow is given a weight when it is first used.
    expect(handles).toBeLessThanOrEqual(weights);
  });
  afterAll(() => {
    net.dispose();
    engine.dispose();
  });

  it.each(Object.keys(oracle.maps))('%s gives what it gives in PyTorch', async (layer) => {
    const found = await computeFeatureMaps(net, layer, input);
    expect(distance(found.values, oracle.maps[layer]!)).toBeLessThan(TOLERANCE);
  });

  it.each(oracle.cases)(
    "$head and class $asked have PyTorch's saliency and Grad-CAM of $layer",
    async (expected) => {
      const question = { input, classIndex: expected.asked, head: expected.head, layer: expected.layer };
      const saliency = await computeAttribution(net, { ...question, method: 'saliency' });
      const gradCam = await computeAttribution(net, { ...question, method: 'grad-cam' });
      expect(saliency).toMatchObject({ classIndex: expected.classIndex, shape: oracle.shape.slice(0, 2) });
      expect(Math.abs(saliency.logit - expected.logit)).toBeLessThan(TOLERANCE);
      expect(Math.abs(saliency.probability - expected.probability)).toBeLessThan(TOLERANCE);
      expect(distance(saliency.values, expected.saliency)).toBeLessThan(TOLERANCE);
      expect(distance(gradCam.values, expected.gradCam)).toBeLessThan(TOLERANCE);
    },
  );

  it.each(oracle.cases)(
    '$head and class $asked lose as much to a grey patch as in PyTorch',
    async (expected) => {
      const found = await computeAttribution(net, {
        input,
        method: 'occlusion',
        classIndex: expected.asked,
        head: expected.head,
        layer: null,
      });
      expect(found.occluder).toEqual(oracle.occluder);
      expect(distance(found.values, expected.occlusion)).toBeLessThan(TOLERANCE);
    },
  );

  it.each(oracle.maximisations)("$layer's unit $unit is excited by the same image", async (expected) => {
    const { layer, unit, steps, learningRate, l2, totalVariation, seed } = expected;
    const options = maximisationOptions.parse({ steps, learningRate, l2, totalVariation, jitter: 0, seed });
    const work = { onProgress: () => undefined, isCancelled: () => false };
    const found = await maximiseUnit(net, { layer, unit, options }, work);
    expect(distance(found.raw, expected.raw)).toBeLessThan(TOLERANCE);
    expect(Math.abs(found.activationBefore - expected.before)).toBeLessThan(TOLERANCE);
    expect(Math.abs(found.activationAfter - expected.after)).toBeLessThan(TOLERANCE);
  });

  it("has the gradients of both heads' loss and tells saturated outputs as PyTorch", async () => {
    const layers = await computeHistograms(net, 'train');
    const found = layers.flatMap(({ layer, parameters }) =>
      parameters.map(({ name, gradient }): [string, Histogram] => [`${layer}/${name}`, gradient]),
    );
    expect(found.map(([name]) => name).toSorted()).toEqual(Object.keys(oracle.gradients).toSorted());
    for (const [name, { minimum, maximum, mean, standardDeviation }] of found) {
      const expected = oracle.gradients[name]!;
      const numbersFound = [minimum, maximum, mean, standardDeviation];
      const { minimum: low, maximum: high, deviation } = expected;
      expect(distance(numbersFound, [low, high, expected.mean, deviation])).toBeLessThan(TOLERANCE);
    }
    const saturated = layers.find(({ layer }) => layer === 'c')!.saturatedShare!;
    expect(saturated).toBeCloseTo(oracle.saturated, 6);
    expect(layers.find(({ layer }) => layer === 'a')!.saturatedShare).toBeNull();
  });
});
