import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { ClassificationResult, RegressionResult } from '../../shared/schema/results.ts';
import type { RunEpoch, RunProvenance } from '../../shared/schema/run.ts';
import { openEngine } from '../engine/index.ts';
import type { InspectedNet, InspectionPlaces, InspectorHandlers } from '../inspect/inspector-contract.ts';
import { Trainer } from '../trainer/trainer.ts';
import { trainerEvent, type TrainerEvent } from '../training/events.ts';
import { Inspector } from './inspector.ts';

let places: InspectionPlaces;
let inspector: InspectorHandlers;
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'inspector-'));
  places = {
    engine: { choice: 'cpu', threads: null, device: 'auto' },
    artifactDirectory: directory,
    cacheDirectory: directory,
    datasetDirectory: join(directory, 'datasets'),
  };
});
afterAll(() => rm(places.artifactDirectory, { recursive: true, force: true }));

/** What a run left behind. */
interface TrainedRun {
  readonly provenance: RunProvenance;
  readonly epochs: readonly RunEpoch[];
  readonly points: readonly MetricPoint[];
  /** The net after an epoch. */
  netAt(epoch: number): InspectedNet;
}

let runCount = 0;

/** Trains by a real trainer, on the JavaScript engine. */
async function train(input: Omit<ExperimentInput, 'schemaVersion' | 'name'>): Promise<TrainedRun> {
  const events: TrainerEvent[] = [];
  const runId = `run${String(runCount++).padStart(10, '0')}`;
  const parsed = experiment.parse({ schemaVersion: 1, name: 'inspected', ...input });
  const trainer = new Trainer({
    openEngine,
    appVersion: '1.2.3',
    emit: (event) => events.push(trainerEvent.parse(structuredClone(event))),
  });
  await trainer.receive({
    kind: 'start',
    job: { ...places, runId, experiment: parsed, seed: 4, resume: null },
  });
  // The trainer took the one engine of a process with it.
  inspector = new Inspector(openEngine).handlers();
  const failed = events.find((event) => event.kind === 'failed');
  if (failed) throw new Error(failed.failure.message);
  const started = events.find((event) => event.kind === 'started')!;
  const told = events.filter((event) => event.kind === 'epoch' || event.kind === 'finished');
  const epochs = events.flatMap((event) => (event.kind === 'epoch' ? [event.epoch] : []));
  const { dataSha256, splitSha256 } = started.provenance;
  return {
    provenance: started.provenance,
    epochs,
    points: told.flatMap(({ points }) => points),
    netAt: (epoch) => ({
      runId,
      experiment: parsed,
      seed: 4,
      checkpoint: epochs.find((stored) => stored.epoch === epoch)?.checkpoint ?? null,
      fingerprints: { dataSha256, splitSha256 },
    }),
  };
}

/** What the run itself measured. */
function measured({ points }: TrainedRun, split: string, metric: string): number {
  const point = points.findLast((candidate) => candidate.split === split && candidate.metric === metric);
  if (point?.value == null) throw new Error(`the run has no ${metric} of ${split}`);
  return point.value;
}

async function classify(net: InspectedNet, split: 'train' | 'dev' | 'test'): Promise<ClassificationResult> {
  const [head] = await inspector.results({ places, net, split });
  if (head?.result.kind !== 'classification') throw new Error('expected a classification');
  return head.result;
}

async function regress(net: InspectedNet, split: 'train' | 'dev' | 'test'): Promise<RegressionResult> {
  const [head] = await inspector.results({ places, net, split });
  if (head?.result.kind !== 'regression') throw new Error('expected a regression');
  return head.result;
}

function expectNear(found: number | null, expected: number): void {
  expect(Math.abs((found ?? NaN) - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
}

const rings = {
  dataset: 'circles',
  generator: { trainExamples: 200, testExamples: 90, noise: 0.1, seed: 1 },
};
const adam = { kind: 'adam', learningRate: 0.03 } as const;

describe('a softmax classification', () => {
  const EPOCHS = 15;
  let run: TrainedRun;
  beforeAll(async () => {
    run = await train({
      data: rings,
      preprocessing: [{ kind: 'standardise' }],
      model: {
        layers: [
          { kind: 'dense', units: 12, activation: 'tanh' },
          { kind: 'batch-norm' },
          { kind: 'dropout', rate: 0.1 },
          { kind: 'dense', units: 2 },
        ],
      },
      training: { optimizer: adam, batchSize: 20, epochs: EPOCHS },
      evaluation: { batchSize: 32 },
    });
  });

  it.each(['dev', 'test'] as const)('comes to the numbers the run measured on %s', async (split) => {
    const found = await classify(run.netAt(EPOCHS), split);
    expectNear(found.accuracy, measured(run, split, 'accuracy'));
    expectNear(found.negativeLogLikelihood, measured(run, split, 'loss'));
  });

  it('gives every example of the split once, by its row', async () => {
    const train = await classify(run.netAt(EPOCHS), 'train');
    const dev = await classify(run.netAt(EPOCHS), 'dev');
    const rows = [...train.rows, ...dev.rows].sort((a, b) => a - b);
    expect(rows).toEqual([...Array(200).keys()]);
  });

  it('answers for the net before training, which knows nothing', async () => {
    const before = await classify(run.netAt(0), 'test');
    const after = await classify(run.netAt(EPOCHS), 'test');
    expect(after.accuracy).toBeGreaterThan(0.95);
    expect(before.accuracy).toBeLessThan(after.accuracy);
    expect(before.negativeLogLikelihood).toBeGreaterThan(after.negativeLogLikelihood!);
  });

  it('has a field in which each ring has its place', async () => {
    const field = await inspector.field({ places, net: run.netAt(EPOCHS), side: 65 });
    if (field.kind !== 'plane') throw new Error('expected a plane');
    const { side, values, channels, x, y } = field;
    expect(channels).toBe(2);
    // The middle of the rings is the inner ring's, the corners the outer's.
    const at = (column: number, row: number, label: number): number =>
      values[(row * side + column) * 2 + label]!;
    const column = Math.round(((0 - x.minimum) / (x.maximum - x.minimum)) * (side - 1));
    const row = Math.round(((0 - y.minimum) / (y.maximum - y.minimum)) * (side - 1));
    expect(at(column, row, 1)).toBeGreaterThan(0.9);
    for (const corner of [
      [0, 0],
      [64, 0],
      [0, 64],
      [64, 64],
    ] as const) {
      expect(at(corner[0], corner[1], 0)).toBeGreaterThan(0.9);
    }
    for (let i = 0; i < values.length; i += 2) expect(values[i]! + values[i + 1]!).toBeCloseTo(1, 5);
  });

  it('counts every parameter and every output of its layers', async () => {
    const layers = await inspector.histograms({ places, net: run.netAt(EPOCHS), split: 'train' });
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(layers.map(({ layer, units }) => [layer, units])).toEqual([
      ['dense-1', 12],
      ['batch-norm-2', 12],
      ['dropout-3', 12],
      ['dense-4', 2],
    ]);
    const parameters = layers.map((layer) =>
      layer.parameters.map(({ name, histogram }) => [name, sum(histogram.counts)]),
    );
    expect(parameters).toEqual([
      [
        ['weight', 24],
        ['bias', 12],
      ],
      [
        ['scale', 12],
        ['offset', 12],
      ],
      [],
      [
        ['weight', 24],
        ['bias', 2],
      ],
    ]);
    expect(layers.map(({ activations }) => sum(activations.counts))).toEqual([2160, 2160, 2160, 360]);
    expect(layers[0]!.activations.minimum).toBeGreaterThanOrEqual(-1);
    // Dropout is off, so that its outputs are its inputs.
    expect(layers[2]!.activations).toEqual(layers[1]!.activations);
  });

  it('refuses data other than the run was made of', async () => {
    const net = { ...run.netAt(EPOCHS), fingerprints: { ...run.provenance, dataSha256: '0'.repeat(64) } };
    const { dataSha256, splitSha256 } = net.fingerprints;
    const other = { ...net, fingerprints: { dataSha256, splitSha256 } };
    await expect(inspector.results({ places, net: other, split: 'test' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await classify(run.netAt(EPOCHS), 'test')).rows.length).toBe(90);
  });

  it('refuses a checkpoint that is not the stored one', async () => {
    const net = run.netAt(EPOCHS);
    const checkpoint = { ...net.checkpoint!, sha256: '0'.repeat(64) };
    const damaged = { ...net, checkpoint };
    await expect(inspector.results({ places, net: damaged, split: 'test' })).rejects.toMatchObject({
      code: 'data-damaged',
    });
  });
});

describe('a sigmoid classification', () => {
  it('comes to the numbers the run measured, and draws two spirals apart', async () => {
    const run = await train({
      data: {
        dataset: 'spirals',
        generator: { trainExamples: 600, testExamples: 100, noise: 0.02, seed: 1 },
      },
      model: {
        layers: [
          { kind: 'dense', units: 24, activation: 'relu', weightInitializer: { kind: 'he-normal' } },
          { kind: 'dense', units: 24, activation: 'relu', weightInitializer: { kind: 'he-normal' } },
          { kind: 'dense', units: 1 },
        ],
      },
      training: { loss: 'binary-cross-entropy', optimizer: adam, batchSize: 32, epochs: 25 },
    });
    const found = await classify(run.netAt(25), 'test');
    expectNear(found.accuracy, measured(run, 'test', 'accuracy'));
    expectNear(found.negativeLogLikelihood, measured(run, 'test', 'loss'));
    expect(found.accuracy).toBeGreaterThan(0.9);
    const field = await inspector.field({ places, net: run.netAt(25), side: 41 });
    if (field.kind !== 'plane') throw new Error('expected a plane');
    const firsts = Array.from(field.values).filter((_, i) => i % 2 === 0);
    const share = firsts.filter((value) => value > 0.5).length / firsts.length;
    // Each spiral has a part of the plane.
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
  });
});

describe('a classification without probabilities', () => {
  it('names the classes that its run was measured by, and claims no likelihood', async () => {
    const run = await train({
      data: rings,
      model: {
        layers: [
          { kind: 'dense', units: 8, activation: 'tanh' },
          { kind: 'dense', units: 1 },
        ],
      },
      training: { loss: 'mean-squared-error', optimizer: adam, batchSize: 20, epochs: 4 },
    });
    const found = await classify(run.netAt(4), 'test');
    expectNear(found.accuracy, measured(run, 'test', 'accuracy'));
    expect(found.negativeLogLikelihood).toBeNull();
    expect(found.calibration).toEqual([]);
  });
});

describe('a net with two heads', () => {
  it('has a result for each, as the run measured it', async () => {
    const run = await train({
      data: rings,
      model: {
        layers: [
          { kind: 'dense', name: 'trunk', units: 8, activation: 'tanh' },
          { kind: 'dense', name: 'plain', units: 2, inputs: ['trunk'] },
          { kind: 'dense', name: 'single', units: 1, inputs: ['trunk'] },
        ],
        heads: [
          { name: 'softmax', layer: 'plain', target: 'ring' },
          { name: 'sigmoid', layer: 'single', target: 'ring', loss: 'binary-cross-entropy', weight: 0.5 },
        ],
      },
      training: { optimizer: adam, batchSize: 20, epochs: 4 },
    });
    const heads = await inspector.results({ places, net: run.netAt(4), split: 'test' });
    expect(heads.map(({ name }) => name)).toEqual(['softmax', 'sigmoid']);
    for (const { name, result } of heads) {
      if (result.kind !== 'classification') throw new Error('expected a classification');
      expectNear(result.accuracy, measured(run, 'test', `${name}/accuracy`));
      expectNear(result.negativeLogLikelihood, measured(run, 'test', `${name}/loss`));
    }
  });
});

describe('a support vector machine', () => {
  it('names the classes its run was measured by, and draws its boundary', async () => {
    const run = await train({ data: rings, svm: { kernel: 'rbf', C: 10, gamma: 1 } });
    const net = run.netAt(1);
    const found = await classify(net, 'test');
    expectNear(found.accuracy, measured(run, 'test', 'accuracy'));
    expect(found).toMatchObject({ negativeLogLikelihood: null, calibration: [] });
    const field = await inspector.field({ places, net, side: 33 });
    if (field.kind !== 'plane') throw new Error('expected a plane');
    const middle = 16 * 33 + 16;
    expect(field.values[2 * middle + 1]).toBeGreaterThan(0.5);
    expect(field.values[0]).toBeGreaterThan(0.5);
    const refused = { code: 'unsupported' };
    await expect(inspector.histograms({ places, net, split: 'test' })).rejects.toMatchObject(refused);
  });

  it('is nothing before it is fitted', async () => {
    const run = await train({ data: rings, svm: { kernel: 'linear' } });
    const refused = { code: 'not-found' };
    await expect(inspector.field({ places, net: run.netAt(0), side: 9 })).rejects.toMatchObject(refused);
  });
});

const curve = { dataset: 'noisy-1d' };
const hidden = { kind: 'dense', units: 16, activation: 'tanh' } as const;

describe('a regression on one feature', () => {
  it('comes to the errors the run measured in the original unit, and draws its curve', async () => {
    const run = await train({
      data: curve,
      preprocessing: [{ kind: 'standardise' }, { kind: 'standardise-target' }],
      model: { layers: [hidden, { kind: 'dense', units: 1 }] },
      training: { loss: 'mean-squared-error', optimizer: adam, batchSize: 10, epochs: 20 },
      evaluation: { metrics: ['root-mean-squared-error', 'mean-absolute-error'] },
    });
    const found = await regress(run.netAt(20), 'test');
    expectNear(found.rootMeanSquaredError, measured(run, 'test', 'root-mean-squared-error'));
    expectNear(found.meanAbsoluteError, measured(run, 'test', 'mean-absolute-error'));
    expect(found.sigma).toBeNull();
    expect(found.r2).toBeGreaterThan(0.5);
    const field = await inspector.field({ places, net: run.netAt(20), side: 100 });
    if (field.kind !== 'line') throw new Error('expected a line');
    expect(field.x.length).toBe(100);
    expect(Array.from(field.x)).toEqual(Array.from(field.x).toSorted((a, b) => a - b));
    expect(Math.max(...field.predicted)).toBeLessThan(Math.max(...found.actual) + 3);
    expect(Math.min(...field.predicted)).toBeGreaterThan(Math.min(...found.actual) - 3);
  });

  it('gives a Gaussian its deviation in the original unit', async () => {
    const shared: Parameters<typeof train>[0] = {
      data: curve,
      model: { layers: [hidden, { kind: 'dense', units: 2 }] },
      training: {
        loss: 'gaussian-negative-log-likelihood',
        optimizer: { kind: 'adam', learningRate: 0.01 },
        batchSize: 10,
        epochs: 15,
      },
      evaluation: { metrics: [] },
    };
    const plain = await train(shared);
    const found = await regress(plain.netAt(15), 'test');
    expectNear(found.negativeLogLikelihood, measured(plain, 'test', 'loss'));
    const scaled = await train({ ...shared, preprocessing: [{ kind: 'standardise-target' }] });
    const standardised = await regress(scaled.netAt(15), 'test');
    // In units of the standardised target the same density is larger by the logarithm of the scale.
    const shift = standardised.negativeLogLikelihood! - measured(scaled, 'test', 'loss');
    const training = await regress(scaled.netAt(15), 'train');
    const mean = training.actual.reduce((sum, y) => sum + y, 0) / training.actual.length;
    const variance = training.actual.reduce((sum, y) => sum + (y - mean) ** 2, 0) / training.actual.length;
    expect(shift).toBeCloseTo(Math.log(Math.sqrt(variance)), 4);
    const field = await inspector.field({ places, net: scaled.netAt(15), side: 20 });
    expect(field).toMatchObject({ kind: 'line', sigma: expect.any(Float32Array) as unknown });
  });

  it('has no results for a split without examples', async () => {
    const run = await train({
      data: { ...curve, split: { devFraction: 0 } },
      model: { layers: [{ kind: 'dense', units: 1 }] },
      training: { loss: 'mean-squared-error', epochs: 1 },
      evaluation: { metrics: [] },
    });
    await expect(inspector.results({ places, net: run.netAt(1), split: 'dev' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('the preview of a batch', () => {
  const digits = experiment.parse({
    schemaVersion: 1,
    name: 'previewed',
    data: { dataset: 'mnist', split: { trainLimit: 500 } },
    preprocessing: [{ kind: 'unit-scale' }],
    augmentation: [{ kind: 'crop', padding: 2 }],
    training: { batchSize: 8 },
  });
  const preview = (asked: typeof digits, examples: number) =>
    inspector.previewBatch({ places, experiment: asked, seed: 4, examples });

  it('holds images as they are fed, with their labels, and follows the augmentation', async () => {
    inspector = new Inspector(openEngine).handlers();
    const found = await preview(digits, 5);
    expect(found.shape).toEqual([28, 28, 1]);
    expect(found.values.length).toBe(5 * 28 * 28);
    expect([found.rows.length, found.labels?.length, found.classes.length]).toEqual([5, 5, 10]);
    expect([found.minimum, found.maximum]).toEqual([0, 1]);
    const brighter = await preview({ ...digits, augmentation: [{ kind: 'brightness', amount: 1 }] }, 5);
    expect(brighter.rows).toEqual(found.rows);
    expect(brighter.values).not.toEqual(found.values);
  });

  it('says at which path an augmentation is at fault', async () => {
    const faulty = { ...digits, augmentation: [{ kind: 'cutout' as const, size: 28 }] };
    await expect(preview(faulty, 5)).rejects.toMatchObject({
      code: 'invalid-input',
      details: { path: 'augmentation.0.size' },
    });
  });
});
