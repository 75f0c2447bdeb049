import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import { maximisationOptions, type NetInput } from '../../shared/schema/inspection.ts';
import { classTarget, describeDataset, numberTarget } from '../data/describe-dataset.ts';
import type { ExampleSet, LoadedDataset } from '../data/loaded-dataset.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { computeAttribution, type AttributionQuestion } from './attribution.ts';
import { computeEmbedding, layerBeforeHead } from './embedding.ts';
import { computeFeatureMaps } from './feature-maps.ts';
import { readFilters } from './filters.ts';
import { computeHistograms } from './histograms.ts';
import { prepareInspection } from './inspected-run.ts';
import { maximiseUnit } from './maximise.ts';
import { openNet, type OpenNet } from './open-net.ts';
import { findPatches } from './patches.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());

function datasetOf(shape: number[], values: Uint8Array | Float32Array, labels: number[]): LoadedDataset {
  const part: ExampleSet = {
    features: { shape: [labels.length, ...shape], values },
    targets: [Int32Array.from(labels), Float32Array.from(labels)],
    exampleCount: labels.length,
  };
  const info = describeDataset({
    id: 'made',
    name: 'Made',
    featureShape: shape,
    targets: [classTarget('class', ['no', 'yes', 'perhaps']), numberTarget('number')],
    featureNames: [],
    columns: null,
    origin: 'imported',
    trainExamples: labels.length,
    testExamples: labels.length,
    licence: '',
    available: true,
  });
  return { info, train: part, test: part, sha256: '' };
}

/** A net at its first weights, changed. */
function open(
  dataset: LoadedDataset,
  input: Pick<ExperimentInput, 'model'> & Partial<ExperimentInput>,
  change: (name: string, values: Float32Array) => void = () => undefined,
): OpenNet {
  const spec = experiment.parse({
    schemaVersion: 1,
    name: 'inside',
    data: { dataset: 'made', split: { devFraction: 0 } },
    ...input,
  });
  const run = prepareInspection(spec, 1, dataset, null);
  const net = run.net!;
  const state = net.step.state.map((tensor) => ({ ...tensor, values: Float32Array.from(tensor.values) }));
  for (const { name, values } of state) change(name, values);
  return openNet(engine, run, net, state);
}

const conv = { kind: 'conv2d', kernelSize: 3, filters: 3 } as const;
const imageModel = {
  layers: [
    { ...conv, name: 'first', activation: 'relu' as const },
    { kind: 'max-pool2d' as const, name: 'pool' },
    { ...conv, name: 'second' },
    { kind: 'flatten' as const, name: 'flat' },
    { kind: 'dense' as const, name: 'hidden', units: 4, activation: 'tanh' as const },
    { kind: 'dropout' as const, name: 'drop', rate: 0.5 },
    { kind: 'dense' as const, name: 'out', units: 3 },
  ],
};

/** Twelve images of 8x8, black but for one bright pixel that wanders. */
function images(): LoadedDataset {
  const values = new Uint8Array(12 * 64);
  for (let row = 0; row < 12; row++) values[row * 64 + 9 + row * 4] = 100 + 10 * row;
  return datasetOf(
    [8, 8, 1],
    values,
    Array.from({ length: 12 }, (_, row) => row % 3),
  );
}

function table(): LoadedDataset {
  const values = Float32Array.from({ length: 30 }, (_, i) => ((i * 7) % 11) / 3 - 1);
  return datasetOf([3], values, [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
}

const row: NetInput = { kind: 'row', part: 'test', row: 2 };
const question: AttributionQuestion = {
  input: row,
  method: 'saliency',
  classIndex: null,
  head: null,
  layer: null,
};
const quiet = { onProgress: (): void => undefined, isCancelled: (): boolean => false };

describe('a look inside a net', () => {
  it('leaves nothing on the engine, whatever is asked and refused', async () => {
    const before = engine.memory();
    const net = open(images(), { model: imageModel });
    const opened = engine.memory();
    readFilters(net, null);
    await computeFeatureMaps(net, 'second', row);
    for (const method of ['saliency', 'grad-cam', 'occlusion'] as const) {
      await computeAttribution(net, { ...question, method });
    }
    const options = maximisationOptions.parse({ steps: 3 });
    await maximiseUnit(net, { layer: 'second', unit: 1, options }, quiet);
    await findPatches(net, { layer: 'first', unit: 0, split: 'test', count: 3 });
    await computeEmbedding(net, 'test', null);
    await computeHistograms(net, 'train');
    await expect(computeAttribution(net, { ...question, classIndex: 9 })).rejects.toThrow('class 9');
    const cancelled = { ...quiet, isCancelled: () => true };
    const asked = { layer: 'second', unit: 1, options };
    await expect(maximiseUnit(net, asked, cancelled)).rejects.toMatchObject({ code: 'cancelled' });
    expect(engine.memory()).toEqual(opened);
    net.dispose();
    expect(engine.memory()).toEqual(before);
  });

  it('answers alike for a stored example and for its numbers', async () => {
    const dataset = images();
    const net = open(dataset, { model: imageModel, preprocessing: [{ kind: 'standardise' }] });
    const values = Float32Array.from(dataset.test.features.values.subarray(2 * 64, 3 * 64));
    const given: NetInput = { kind: 'values', values };
    expect(await computeFeatureMaps(net, 'first', given)).toEqual(
      await computeFeatureMaps(net, 'first', row),
    );
    const method = 'saliency';
    const asked = { ...question, method } as const;
    expect(await computeAttribution(net, { ...asked, input: given })).toEqual(
      await computeAttribution(net, asked),
    );
    net.dispose();
  });

  it('refuses what is not there with the names of what is', async () => {
    const net = open(images(), { model: imageModel });
    expect(() => readFilters(net, 'third')).toThrow(/no layer 'third'; take one of first, pool/);
    expect(() => readFilters(net, 'hidden')).toThrow(/'hidden', a dense layer.*take one of first, second/);
    await expect(computeFeatureMaps(net, 'third', row)).rejects.toMatchObject({ code: 'not-found' });
    const patches = { layer: 'first', unit: 3, split: 'test', count: 1 } as const;
    await expect(findPatches(net, patches)).rejects.toThrow(/no unit 3, it has 3; take one from 0 to 2/);
    const far: NetInput = { kind: 'row', part: 'test', row: 12 };
    await expect(computeFeatureMaps(net, 'first', far)).rejects.toMatchObject({ code: 'not-found' });
    await expect(computeAttribution(net, { ...question, head: 'other' })).rejects.toThrow(
      /head of classes called 'other'.*take 'class'/,
    );
    const flat = { ...question, method: 'grad-cam', layer: 'hidden' } as const;
    await expect(computeAttribution(net, flat)).rejects.toThrow(
      /'hidden' gives 4 numbers.*first, pool, second/,
    );
    net.dispose();
  });

  it('orders units by their mean, the strongest first', async () => {
    const net = open(images(), { model: imageModel }, (name, values) => {
      if (name === 'first/bias') values.set([1, 7, 3]);
    });
    const { order, shape, minimum, maximum, values } = await computeFeatureMaps(net, 'first', row);
    expect([shape, Array.from(order)]).toEqual([
      [8, 8, 3],
      [1, 2, 0],
    ]);
    expect([minimum, maximum]).toEqual([Math.min(...values), Math.max(...values)]);
    net.dispose();
  });
});

describe('attribution', () => {
  it('of a table says which features bear on the class', async () => {
    // Logits are the features times 2, -1 and 0 for the classes.
    const model = { layers: [{ kind: 'dense' as const, name: 'out', units: 3 }] };
    const net = open(table(), { model }, (name, values) => {
      if (name === 'out/weight') values.set([2, 0, 0, -1, 5, 0, 0, 0, 4]);
    });
    const saliency = await computeAttribution(net, { ...question, classIndex: 0 });
    expect([saliency.shape, Array.from(saliency.values)]).toEqual([
      [1, 3],
      [2, 1, 0],
    ]);
    const occluded = await computeAttribution(net, { ...question, method: 'occlusion', classIndex: 0 });
    expect(occluded.occluder).toEqual({ size: [1, 1], stride: [1, 1] });
    const { values } = net.run.dataset.train.features;
    const mean = (feature: number): number =>
      Array.from(values).reduce((sum, value, i) => (i % 3 === feature ? sum + value / 10 : sum), 0);
    expect(occluded.values[0]).toBeCloseTo(2 * (values[6]! - mean(0)), 5);
    expect(occluded.values[1]).toBeCloseTo(-1 * (values[7]! - mean(1)), 5);
    expect(occluded.values[2]).toBeCloseTo(0, 5);
    await expect(computeAttribution(net, { ...question, method: 'grad-cam' })).rejects.toThrow(
      /this net has none; take saliency or occlusion/,
    );
    net.dispose();
  });

  it('of a sigmoid output asks for either class', async () => {
    const dataset = datasetOf([2], Float32Array.from([1, 2, 3, 4]), [0, 1]);
    const target = classTarget('class', ['no', 'yes']);
    const two = { ...dataset, info: { ...dataset.info, targets: [target], classes: target.classes } };
    const model = { layers: [{ kind: 'dense' as const, units: 1 }] };
    const net = open(two, { model, training: { loss: 'binary-cross-entropy' } });
    const ask = (classIndex: number): ReturnType<typeof computeAttribution> =>
      computeAttribution(net, { ...question, input: { kind: 'row', part: 'test', row: 0 }, classIndex });
    const [no, yes] = [await ask(0), await ask(1)];
    expect(no.logit).toBe(-yes.logit);
    expect(no.probability + yes.probability).toBeCloseTo(1, 6);
    expect(no.probability).toBeCloseTo(1 / (1 + Math.exp(yes.logit)), 6);
    net.dispose();
  });

  it('is refused for a net that predicts a number', async () => {
    const target = numberTarget('number');
    const made = table();
    const dataset = { ...made, info: { ...made.info, task: 'regression' as const, classes: [] } };
    const numbers = (part: ExampleSet): ExampleSet => ({ ...part, targets: [part.targets[1]!] });
    const regression: LoadedDataset = {
      ...dataset,
      info: { ...dataset.info, targets: [target] },
      train: numbers(made.train),
      test: numbers(made.test),
    };
    const model = { layers: [{ kind: 'dense' as const, units: 1 }] };
    const training = { loss: 'mean-squared-error' as const };
    const net = open(regression, { model, training, evaluation: { metrics: [] } });
    await expect(computeAttribution(net, question)).rejects.toMatchObject({ code: 'unsupported' });
    net.dispose();
  });
});

describe('what excites a unit', () => {
  it('is found with its place and what it sees of the image', async () => {
    // The unit copies the pixel above its place.
    const net = open(images(), { model: imageModel }, (name, values) => {
      if (name !== 'first/weight') return;
      values.fill(0);
      values[3] = 1;
    });
    const found = await findPatches(net, { layer: 'first', unit: 0, split: 'test', count: 2 });
    expect(found).toMatchObject({ part: 'test', examined: 12 });
    // The brightest pixels are those of the last images: at 9 + 4 * 11 = 53 and 49, of which the places below are 61, 57.
    expect(found.patches).toEqual([
      { row: 11, activation: 210, box: { top: 6, left: 4, bottom: 9, right: 7 } },
      { row: 10, activation: 200, box: { top: 6, left: 0, bottom: 9, right: 3 } },
    ]);
    net.dispose();
  });

  const options = maximisationOptions.parse({ steps: 30, jitter: 2, seed: 5 });

  it('is made anew alike from the same seed, and otherwise from another', async () => {
    const net = open(images(), { model: imageModel });
    const ask = { layer: 'second', unit: 0, options };
    const first = await maximiseUnit(net, ask, quiet);
    expect(await maximiseUnit(net, ask, quiet)).toEqual(first);
    const other = await maximiseUnit(net, { ...ask, options: { ...options, seed: 6 } }, quiet);
    expect(other.raw).not.toEqual(first.raw);
    expect(first.activationAfter).toBeGreaterThan(first.activationBefore);
    expect(first.shape).toEqual([8, 8, 1]);
    expect([Math.min(...first.enhanced), Math.max(...first.enhanced)]).toEqual([0, 1]);
    net.dispose();
  });

  it('is found also for a unit that is silent at first', async () => {
    const net = open(images(), { model: imageModel }, (name, values) => {
      if (name === 'first/weight') values.fill(0.5);
      if (name === 'first/bias') values.fill(-2);
    });
    const found = await maximiseUnit(net, { layer: 'first', unit: 0, options }, quiet);
    expect(found.activationBefore).toBe(0);
    expect(found.activationAfter).toBeGreaterThan(0);
    net.dispose();
  });

  it('tells its steps and stops between two of them', async () => {
    const net = open(images(), { model: imageModel });
    const steps: number[] = [];
    const work = {
      onProgress: (done: number, total: number): void => void steps.push(done / total),
      isCancelled: () => steps.length === 3,
    };
    const asked = maximiseUnit(net, { layer: 'first', unit: 0, options }, work);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(steps).toEqual([1 / 30, 2 / 30, 3 / 30]);
    net.dispose();
  });
});

describe('an embedding', () => {
  it('is of the layer that the head decides by', async () => {
    const net = open(images(), { model: imageModel });
    expect(layerBeforeHead(net.plan)).toBe(5);
    const found = await computeEmbedding(net, 'test', null);
    expect([found.layer, found.rows.length, found.x.length]).toEqual(['drop', 12, 12]);
    net.dispose();
  });

  it('lies along the directions of greatest variance', async () => {
    // Two features, the second three times the first, and a constant: one direction holds everything.
    const values = Float32Array.from([1, 3, 5, 2, 6, 5, 4, 12, 5, 9, 27, 5]);
    const model = { layers: [{ kind: 'dense' as const, units: 3 }] };
    const net = open(datasetOf([3], values, [0, 1, 2, 0]), { model });
    const { layer, x, y, explained } = await computeEmbedding(net, 'test', null);
    expect(layer).toBe('input');
    expect(explained[0]).toBeCloseTo(1, 6);
    const length = Math.sqrt(10);
    [1, 2, 4, 9].forEach((first, i) => expect(x[i]).toBeCloseTo((first - 4) * length, 4));
    y.forEach((value) => expect(value).toBeCloseTo(0, 4));
    net.dispose();
  });
});
