import { experiment, type Experiment } from '../../../src/shared/schema/experiment.ts';

/** Trials of {@link wideSearch}. */
export const WIDE_TRIALS = 2_500;
/** Trials of {@link smallSearch}, of two nets each. */
export const SMALL_TRIALS = 6;

const circles = {
  schemaVersion: 1,
  data: { dataset: 'circles', generator: { trainExamples: 200, testExamples: 200, noise: 0.32, seed: 1 } },
  model: {
    layers: [
      { kind: 'dense', units: 20, activation: 'tanh' },
      { kind: 'dropout', rate: 0.1 },
      { kind: 'dense', units: 2 },
    ],
  },
};

const optimizers = [
  { kind: 'sgd', learningRate: 0.03, momentum: 0.9 },
  { kind: 'adam', learningRate: 0.03 },
];

/** Seven parameters of every kind, one of them conditional, two objectives, five folds. */
export const wideSearch: Experiment = experiment.parse({
  ...circles,
  name: 'Circles, wide search',
  training: {
    loss: 'sparse-softmax-cross-entropy',
    optimizer: optimizers[0],
    batchSize: 10,
    epochs: 100,
  },
  search: {
    parameters: [
      { kind: 'choice', name: 'optimizer', paths: ['training.optimizer'], values: optimizers },
      {
        kind: 'log-uniform',
        name: 'learning rate',
        paths: ['training.optimizer.learningRate'],
        minimum: 0.0003,
        maximum: 1,
      },
      {
        kind: 'uniform',
        name: 'momentum',
        paths: ['training.optimizer.momentum'],
        minimum: 0,
        maximum: 0.99,
        when: { parameter: 'optimizer', values: [optimizers[0]] },
      },
      {
        kind: 'log-uniform',
        name: 'weight decay',
        paths: ['training.optimizer.weightDecay'],
        minimum: 1e-6,
        maximum: 0.01,
      },
      { kind: 'uniform', name: 'dropout', paths: ['model.layers.1.rate'], minimum: 0, maximum: 0.5 },
      { kind: 'integer', name: 'units', paths: ['model.layers.0.units'], minimum: 4, maximum: 64 },
      { kind: 'choice', name: 'batch size', paths: ['training.batchSize'], values: [5, 10, 20, 40] },
    ],
    sampler: { kind: 'random', trials: WIDE_TRIALS },
    pruner: { kind: 'median' },
    secondObjective: { metric: 'accuracy', direction: 'maximise' },
    folds: 5,
  },
});

/** A search that a laptop ends in seconds. */
export const smallSearch: Experiment = experiment.parse({
  ...circles,
  name: 'Circles, small search',
  training: {
    loss: 'sparse-softmax-cross-entropy',
    optimizer: optimizers[0],
    batchSize: 10,
    epochs: 1_500,
  },
  search: {
    parameters: [
      {
        kind: 'log-uniform',
        name: 'learning rate',
        paths: ['training.optimizer.learningRate'],
        minimum: 0.001,
        maximum: 1,
      },
      { kind: 'choice', name: 'units', paths: ['model.layers.0.units'], values: [5, 10, 20] },
    ],
    sampler: { kind: 'random', trials: SMALL_TRIALS },
    folds: 2,
  },
});
