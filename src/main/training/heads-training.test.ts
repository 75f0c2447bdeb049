import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../shared/schema/experiment.ts';
import type { Engine } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import {
  eventsOf,
  pointsOf,
  runTiny,
  tinyExperiment,
  type RunOptions,
  type RunOutcome,
} from './loop-fixture.ts';
import { loadShapes } from './shapes-fixture.ts';

let engine: Engine;
let artifactDirectory: string;
const dataset = loadShapes();
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());
beforeEach(async () => {
  artifactDirectory = await mkdtemp(join(tmpdir(), 'heads-'));
});

const run = (options: Partial<RunOptions>): Promise<RunOutcome> =>
  runTiny({ engine, artifactDirectory, dataset, ...options });

/** A shared convolution, one dense layer for the colour, a convolution more for the direction. */
const twoHeads: ExperimentInput['model'] = {
  layers: [
    { kind: 'conv2d', name: 'shared', filters: 4, kernelSize: 3, activation: 'relu' },
    { kind: 'max-pool2d', name: 'pool' },
    { kind: 'conv2d', name: 'own', filters: 6, kernelSize: 3, activation: 'relu' },
    { kind: 'global-max-pool2d', name: 'most' },
    { kind: 'dense', name: 'direction', units: 3 },
    { kind: 'global-average-pool2d', name: 'mean', inputs: ['pool'] },
    { kind: 'dense', name: 'colour', units: 3 },
  ],
  heads: [
    { name: 'direction', layer: 'direction', target: 'direction' },
    { name: 'colour', layer: 'colour', target: 'colour', weight: 0.5 },
  ],
};

function shapesExperiment(
  training: Partial<ExperimentInput['training']> = {},
  rest: Partial<ExperimentInput> = {},
) {
  const data = { dataset: 'shapes', split: { devFraction: 0.2 } };
  return tinyExperiment(training, {
    data,
    preprocessing: [{ kind: 'unit-scale' }],
    model: twoHeads,
    ...rest,
  });
}

const everything = shapesExperiment(
  {
    gradientClipping: { kind: 'norm', limit: 0.5 },
    classWeights: 'balanced',
    labelSmoothing: 0.1,
    epochs: 2,
  },
  {
    augmentation: [
      { kind: 'crop', padding: 1 },
      { kind: 'noise', standardDeviation: 0.05 },
      { kind: 'cutmix' },
    ],
  },
);

describe('a net with two heads', () => {
  it('measures the weighted sum, the first head by plain names and each head by its own', async () => {
    const outcome = await run({ experiment: shapesExperiment({ epochs: 1 }) });
    const dev = pointsOf(outcome).filter(({ split }) => split === 'dev');
    const value = Object.fromEntries(dev.map((point) => [point.metric, point.value!]));
    expect(Object.keys(value)).toEqual([
      'loss',
      'accuracy',
      'direction/loss',
      'direction/accuracy',
      'colour/loss',
      'colour/accuracy',
    ]);
    expect(value['loss']).toBeCloseTo(value['direction/loss']! + 0.5 * value['colour/loss']!, 5);
    expect(value['accuracy']).toBe(value['direction/accuracy']);
  });

  it('learns both targets', async () => {
    const experiment = shapesExperiment({ optimizer: { kind: 'adam', learningRate: 0.02 }, epochs: 25 });
    const outcome = await run({ experiment });
    const test = pointsOf(outcome).filter(({ split }) => split === 'test');
    const accuracy = (head: string) => test.find(({ metric }) => metric === `${head}/accuracy`)!.value;
    expect(accuracy('colour')).toBe(1);
    expect(accuracy('direction')).toBeGreaterThan(0.8);
  });

  it('leaves the other head alone where one has hardly any weight', async () => {
    const start = await run({ experiment: shapesExperiment({ epochs: 1 }) });
    const heads = [
      { name: 'direction', layer: 'direction', target: 'direction', weight: 1e-30 },
      { name: 'colour', layer: 'colour', target: 'colour' },
    ];
    const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
    const model = { ...twoHeads, heads };
    const outcome = await run({ experiment: shapesExperiment({ epochs: 1, optimizer }, { model }) });
    const weightOf = ({ state }: RunOutcome, name: string) =>
      state.find((each) => each.name === name)!.values;
    expect(weightOf(outcome, 'own/bias').every((value) => Math.abs(value) < 1e-20)).toBe(true);
    expect(weightOf(outcome, 'colour/bias').some((value) => value !== 0)).toBe(true);
    expect(weightOf(start, 'own/bias').some((value) => Math.abs(value) > 1e-4)).toBe(true);
  });

  it('takes heads of different kinds, each with the metrics it has', async () => {
    const layers = twoHeads.layers.with(6, { kind: 'dense', name: 'colour', units: 2 });
    const heads = [
      { name: 'direction', layer: 'direction', target: 'direction' },
      {
        name: 'light',
        layer: 'colour',
        target: 'brightness',
        loss: 'gaussian-negative-log-likelihood' as const,
        weight: 1e-3,
      },
    ];
    const metrics = ['accuracy', 'root-mean-squared-error'] as const;
    const outcome = await run({
      experiment: shapesExperiment(
        { epochs: 1 },
        { model: { layers, heads }, evaluation: { metrics: [...metrics] } },
      ),
    });
    const names = pointsOf(outcome)
      .filter(({ split }) => split === 'dev')
      .map(({ metric }) => metric);
    expect(names).toEqual([
      ...['loss', 'accuracy', 'root-mean-squared-error'],
      ...['direction/loss', 'direction/accuracy', 'direction/root-mean-squared-error'],
      ...['light/loss', 'light/root-mean-squared-error'],
    ]);
  });
});

describe('augmentation, clipping, weights and smoothing together', () => {
  it('give the same numbers again, and others for another seed', async () => {
    const first = await run({ experiment: everything });
    expect(pointsOf(await run({ experiment: everything }))).toEqual(pointsOf(first));
    expect(pointsOf(await run({ experiment: everything, seed: 6 }))).not.toEqual(pointsOf(first));
  });

  it('continue bit for bit from a checkpoint within and between epochs', async () => {
    const whole = await run({
      experiment: everything,
      beforeCall: (call, controls) => {
        if (call === 2) controls.ask('pause');
      },
      onEvent: (event, controls) => {
        if (event.kind === 'paused') controls.ask('run');
      },
    });
    const within = eventsOf(whole, 'paused')[0]!.checkpoint;
    const between = eventsOf(whole, 'epoch')[0]!.epoch.checkpoint!;
    for (const resume of [within, between]) {
      const copy = await mkdtemp(join(tmpdir(), 'heads-'));
      await cp(artifactDirectory, copy, { recursive: true });
      const rest = await run({ experiment: everything, artifactDirectory: copy, resume });
      expect(rest.state).toEqual(whole.state);
      expect(pointsOf(rest, 2)).toEqual(pointsOf(whole, 2));
    }
  });

  it('leave no tensor behind', async () => {
    await run({ experiment: everything });
    const before = tf.memory().numTensors;
    await run({ experiment: everything });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('do not augment what is evaluated', async () => {
    // With a rate of next to nothing the weights stay, so that dev is the same with and without augmentation.
    const still = { optimizer: { kind: 'sgd', learningRate: 1e-30 } as const, epochs: 1 };
    const augmented = shapesExperiment(still, { augmentation: [{ kind: 'noise', standardDeviation: 2 }] });
    const lossOf = async (experiment: typeof augmented, split: string) => {
      const points = pointsOf(await run({ experiment }));
      return points.find((point) => point.split === split && point.metric === 'loss')!.value;
    };
    const plain = shapesExperiment(still);
    expect(await lossOf(augmented, 'dev')).toBe(await lossOf(plain, 'dev'));
    expect(await lossOf(augmented, 'train')).not.toBe(await lossOf(plain, 'train'));
  });
});

describe('class weights', () => {
  it('make the loss of a split its weighted mean', async () => {
    const still = { optimizer: { kind: 'sgd', learningRate: 1e-30 } as const, epochs: 1 };
    const model = { layers: [{ kind: 'flatten' as const }, { kind: 'dense' as const, units: 3 }] };
    const devLoss = async (classWeights: number[] | null) => {
      const outcome = await run({ experiment: shapesExperiment({ ...still, classWeights }, { model }) });
      return pointsOf(outcome).find(({ split, metric }) => split === 'test' && metric === 'loss')!.value!;
    };
    const labels = dataset.test.targets[0]!;
    const share = (label: number) => labels.filter((each) => each === label).length / labels.length;
    const onlyOf = [0, 1, 2].map((label) => devLoss([0, 1, 2].map((each) => (each === label ? 1e6 : 1e-6))));
    const means = await Promise.all(onlyOf);
    // A weight on one class alone gives that class's own mean; their mixture by frequency is the plain loss.
    const mixture = means.reduce((sum, mean, label) => sum + share(label) * mean, 0);
    expect(await devLoss(null)).toBeCloseTo(mixture, 4);
  });
});

describe('a regression with a prepared target', () => {
  const regression = (preprocessing: ExperimentInput['preprocessing']) =>
    shapesExperiment(
      { loss: 'mean-squared-error', optimizer: { kind: 'sgd', learningRate: 1e-30 }, epochs: 1 },
      {
        preprocessing,
        model: {
          layers: [{ kind: 'flatten' }, { kind: 'dense', units: 1, weightInitializer: { kind: 'zeros' } }],
        },
        evaluation: { metrics: ['root-mean-squared-error', 'mean-absolute-error'] },
      },
    );
  const { info, train, test } = dataset;
  const [, , brightness] = info.targets;
  const numbers = {
    ...dataset,
    info: { ...info, task: 'regression' as const, classes: [], targets: [brightness!] },
    train: { ...train, targets: [train.targets[2]!] },
    test: { ...test, targets: [test.targets[2]!] },
  };

  it('measures errors in the original unit', async () => {
    // A net that always says 0: the mean, after standardising; one, under the logarithm.
    const values = [...numbers.test.targets[0]!];
    const testErrors = async (preprocessing: ExperimentInput['preprocessing']) => {
      const outcome = await run({ experiment: regression(preprocessing), dataset: numbers });
      const points = pointsOf(outcome).filter(({ split }) => split === 'test');
      return points.slice(1).map(({ value }) => value!);
    };
    const errorsOf = (guess: number) => [
      Math.sqrt(values.reduce((sum, value) => sum + (value - guess) ** 2, 0) / values.length),
      values.reduce((sum, value) => sum + Math.abs(value - guess), 0) / values.length,
    ];
    const [rmse, mae] = await testErrors([{ kind: 'log-target' }]);
    expect([rmse, mae].map((value, i) => value! / errorsOf(1)[i]!)).toEqual([
      expect.closeTo(1, 4),
      expect.closeTo(1, 4),
    ]);
    const [standardised] = await testErrors([{ kind: 'standardise-target' }]);
    expect(standardised).toBeLessThan(errorsOf(1)[0]! / 2);
    expect(standardised).toBeGreaterThan(errorsOf(175)[0]! * 0.8);
  });
});

describe('whitening', () => {
  it('is done once, before the first step', async () => {
    const whitened = shapesExperiment(
      { epochs: 2 },
      { preprocessing: [{ kind: 'unit-scale' }, { kind: 'zca-whitening', epsilon: 0.1 }] },
    );
    const outcome = await run({ experiment: whitened });
    const plain = await run({ experiment: shapesExperiment({ epochs: 2 }) });
    expect(pointsOf(outcome)).not.toEqual(pointsOf(plain));
    expect(pointsOf(await run({ experiment: whitened }))).toEqual(pointsOf(outcome));
  });
});
