import { describe, expect, it } from 'vitest';
import { splitSpec, type DatasetInfo } from '../../shared/schema/dataset.ts';
import { experiment, type Experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import { checkExperiment, splitSizes, stepsPerEpoch } from './check-experiment.ts';

function classTarget(...classes: string[]): Pick<DatasetInfo, 'classes' | 'targets'> {
  return { classes, targets: [{ name: 'class', kind: 'class', classes, unit: null }] };
}

const digits: DatasetInfo = {
  id: 'mnist',
  name: 'Digits',
  task: 'classification',
  featureShape: [28, 28, 1],
  ...classTarget('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
  featureNames: [],
  columns: null,
  origin: 'bundled',
  trainExamples: 1_000,
  testExamples: 200,
  generated: false,
  licence: '',
  available: true,
};
const rings: DatasetInfo = { ...digits, name: 'Rings', featureShape: [2], ...classTarget('outer', 'inner') };
const curve: DatasetInfo = {
  ...digits,
  name: 'Curve',
  task: 'regression',
  featureShape: [1],
  classes: [],
  targets: [{ name: 'y', kind: 'number', classes: [], unit: null }],
};

/** An experiment without a fault on `digits`, but for the given parts. */
function experimentWith(change: Partial<ExperimentInput>): Experiment {
  return experiment.parse({
    schemaVersion: 1,
    name: 'test',
    data: { dataset: 'mnist' },
    model: { layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }] },
    training: training({}),
    ...change,
  });
}

function training(change: Partial<ExperimentInput['training']>): ExperimentInput['training'] {
  return {
    loss: 'sparse-softmax-cross-entropy',
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 32,
    epochs: 1,
    ...change,
  };
}

function endingIn(
  units: number,
  activation: 'linear' | 'softmax' | 'sigmoid' = 'linear',
): Experiment['model'] {
  return experimentWith({
    model: {
      layers: [{ kind: 'flatten' }, { kind: 'dense', units, activation }, { kind: 'dropout', rate: 0.1 }],
    },
  }).model;
}

function pathsOf(change: Partial<ExperimentInput>, info: DatasetInfo = digits): string[] {
  return checkExperiment(experimentWith(change), info).map(({ path }) => path);
}

describe('checkExperiment', () => {
  it('finds nothing in a sound experiment', () => {
    expect(checkExperiment(experimentWith({}), digits)).toEqual([]);
  });

  it('reports a model that does not fit at its layer', () => {
    const model = { layers: [{ kind: 'dense', units: 10 } as const] };
    const [issue, ...others] = checkExperiment(experimentWith({ model }), digits);
    expect(others).toEqual([]);
    expect(issue?.path).toBe('model.layers.0');
    expect(issue?.message).toContain('put a flatten layer before it');
  });

  it('wants one output per class', () => {
    const [issue] = checkExperiment(experimentWith({ model: endingIn(9) }), digits);
    expect(issue?.path).toBe('model.layers.2');
    expect(issue?.message).toContain('end with a dense layer of 10 units');
  });

  it('explains why a last softmax and a loss from logits do not go together', () => {
    const [issue] = checkExperiment(experimentWith({ model: endingIn(10, 'softmax') }), digits);
    expect(issue?.path).toBe('model.layers.1.activation');
    expect(issue?.message).toContain('applied twice');
  });

  it('lets a last softmax be where the loss takes probabilities', () => {
    const change = {
      model: endingIn(10, 'softmax'),
      training: training({ loss: 'mean-squared-error' }),
    };
    expect(pathsOf(change)).toEqual([]);
  });

  it.each([
    ['binary-cross-entropy', 1, rings, []],
    ['binary-cross-entropy', 2, rings, ['model.layers.2']],
    ['binary-cross-entropy', 1, digits, ['training.loss']],
    ['mean-squared-error', 1, rings, []],
    ['mean-squared-error', 2, rings, []],
    ['mean-squared-error', 1, digits, ['model.layers.2']],
    ['one-hot-softmax-cross-entropy', 2, rings, []],
  ] as const)('fits %s with %i outputs to the task', (loss, units, info, expected) => {
    const flat = { ...info, featureShape: [2] };
    const layers = endingIn(units).layers;
    expect(pathsOf({ model: { layers }, training: training({ loss }) }, flat)).toEqual(expected);
  });

  it('refuses class losses and accuracy on a regression', () => {
    expect(pathsOf({ model: endingIn(1) }, curve)).toEqual(['training.loss', 'evaluation.metrics.0']);
  });

  it('refuses unit-scale on real numbers and behind another step', () => {
    const scaled = { preprocessing: [{ kind: 'unit-scale' as const }], model: endingIn(2) };
    expect(pathsOf(scaled, rings)).toEqual(['preprocessing.0']);
    expect(pathsOf({ preprocessing: [{ kind: 'standardise' }, { kind: 'unit-scale' }] })).toEqual([
      'preprocessing.1',
    ]);
  });

  it('refuses a batch that leaves no step', () => {
    const tooLarge = training({ batchSize: 901, dropLastBatch: true });
    expect(pathsOf({ training: tooLarge })).toEqual(['training.batchSize']);
    expect(pathsOf({ training: training({ batchSize: 900, dropLastBatch: true }) })).toEqual([]);
    expect(pathsOf({ training: training({ batchSize: 901 }) })).toEqual([]);
  });

  it('refuses a last batch of one example under batch norm', () => {
    // 900 training examples: 899 + 1.
    const layers = [{ kind: 'flatten' }, { kind: 'batch-norm' }, { kind: 'dense', units: 10 }] as const;
    const change = { model: { layers: [...layers] }, training: training({ batchSize: 899 }) };
    expect(pathsOf(change)).toEqual(['training.batchSize']);
    expect(pathsOf({ ...change, training: training({ batchSize: 899, dropLastBatch: true }) })).toEqual([]);
  });

  it.each([
    [{ trainLimit: 1_001 }, 'trainLimit'],
    [{ testLimit: 201 }, 'testLimit'],
    [{ devExamples: 1_000 }, 'devExamples'],
  ])('refuses the split %j of 1,000 and 200 examples', (split, field) => {
    expect(pathsOf({ data: { dataset: 'mnist', split } })).toEqual([`data.split.${field}`]);
  });

  it('refuses early stopping on what is not measured', () => {
    const stopping = training({ earlyStopping: { patience: 3, metric: 'mean-absolute-error' } });
    const change = {
      training: stopping,
      data: { dataset: 'mnist', split: { devFraction: 0 } } as const,
      evaluation: { everyEpochs: 0 },
    };
    expect(pathsOf(change)).toEqual([
      'training.earlyStopping.metric',
      'training.earlyStopping.split',
      'evaluation.everyEpochs',
    ]);
  });

  it('refuses a model with nothing to train', () => {
    const flat = { ...digits, featureShape: [10] };
    expect(pathsOf({ model: { layers: [{ kind: 'dropout', rate: 0.5 }] } }, flat)).toEqual(['model.layers']);
  });
});

describe('heads', () => {
  const shapes: DatasetInfo = {
    ...digits,
    name: 'Shapes',
    targets: [
      ...digits.targets,
      { name: 'colour', kind: 'class', classes: ['red', 'green'], unit: null },
      { name: 'size', kind: 'number', classes: [], unit: 'mm' },
    ],
  };
  const colourHead = { name: 'colour', layer: 'colour', target: 'colour' };
  const sizeHead = {
    name: 'size',
    layer: 'size',
    target: 'size',
    loss: 'gaussian-negative-log-likelihood' as const,
  };
  const headed = (
    heads: NonNullable<ExperimentInput['model']>['heads'],
    colourUnits = 2,
  ): Partial<ExperimentInput> => ({
    model: {
      layers: [
        { kind: 'flatten', name: 'trunk' },
        { kind: 'dense', name: 'colour', units: colourUnits },
        { kind: 'dense', name: 'size', inputs: ['trunk'], units: 2 },
      ],
      heads,
    },
  });

  it('are sound where each fits its own target', () => {
    expect(pathsOf(headed([colourHead, sizeHead]), shapes)).toEqual([]);
  });

  it('are reported each at its own loss or layer', () => {
    const wrong = { ...sizeHead, loss: 'sparse-softmax-cross-entropy' as const };
    expect(pathsOf(headed([colourHead, wrong]), shapes)).toEqual(['model.heads.1.loss']);
    expect(pathsOf(headed([colourHead, sizeHead], 3), shapes)).toEqual(['model.layers.1']);
    const unknown = { ...sizeHead, target: 'weight' };
    expect(pathsOf(headed([colourHead, unknown]), shapes)).toEqual(['model.heads.1.target']);
  });

  it('leave no layer over', () => {
    expect(pathsOf(headed([colourHead]), shapes)).toEqual(['model.layers.2']);
  });

  it('have no weights for classes that none of them predicts', () => {
    const change = { ...headed([colourHead, sizeHead]), training: training({ classWeights: 'balanced' }) };
    expect(pathsOf(change, shapes)).toEqual(['training.classWeights']);
  });

  it('cannot be watched by an accuracy that the first one lacks', () => {
    const change = {
      ...headed([sizeHead, colourHead]),
      training: training({ earlyStopping: { patience: 2, metric: 'accuracy' } }),
    };
    expect(pathsOf(change, shapes)).toEqual(['training.earlyStopping.metric']);
  });
});

describe('what changes the loss', () => {
  it('weighs as many classes as there are', () => {
    expect(pathsOf({ training: training({ classWeights: [1, 2] }) })).toEqual(['training.classWeights']);
    expect(pathsOf({ training: training({ classWeights: Array<number>(10).fill(2) }) })).toEqual([]);
    const regression = training({ loss: 'mean-squared-error', classWeights: 'balanced' });
    const change = { model: endingIn(1), training: regression, evaluation: { metrics: [] } };
    expect(pathsOf(change, curve)).toEqual(['training.classWeights']);
  });

  it('smooths labels of softmax losses only', () => {
    const smoothed = (loss: 'sparse-softmax-cross-entropy' | 'mean-squared-error') =>
      pathsOf({ training: training({ loss, labelSmoothing: 0.1 }) });
    expect(smoothed('sparse-softmax-cross-entropy')).toEqual([]);
    expect(smoothed('mean-squared-error')).toEqual(['training.labelSmoothing']);
  });

  it('wants a mean and a variance of a Gaussian, and a number to predict', () => {
    const gaussian = training({ loss: 'gaussian-negative-log-likelihood' });
    const change = (units: number) => ({
      model: endingIn(units),
      training: gaussian,
      evaluation: { metrics: [] },
    });
    expect(pathsOf(change(2), curve)).toEqual([]);
    expect(pathsOf(change(1), curve)).toEqual(['model.layers.2']);
    expect(pathsOf(change(10))).toEqual(['training.loss']);
  });
});

describe('what is watched and measured', () => {
  it('has a dev split for a plateau to be seen on', () => {
    const change = {
      training: training({ schedule: { kind: 'reduce-on-plateau' } }),
      data: { dataset: 'mnist', split: { devFraction: 0 } } as const,
      evaluation: { everyEpochs: 0 },
    };
    expect(pathsOf(change)).toEqual(['training.schedule.split', 'evaluation.everyEpochs']);
  });

  it('warms up in less than all epochs', () => {
    expect(pathsOf({ training: training({ epochs: 3, warmUpEpochs: 3 }) })).toEqual([
      'training.warmUpEpochs',
    ]);
    expect(pathsOf({ training: training({ epochs: 3, warmUpEpochs: 2.5 }) })).toEqual([]);
  });

  it('has more than five classes for a top-5 accuracy', () => {
    const evaluation = { metrics: ['top-5-accuracy' as const] };
    expect(pathsOf({ evaluation })).toEqual([]);
    expect(pathsOf({ evaluation, model: endingIn(2) }, rings)).toEqual(['evaluation.metrics.0']);
  });
});

describe('experiments that train no net', () => {
  const svm = { kernel: 'rbf' as const };
  const noModel = { model: { layers: [] } };

  it('need no layers, but a net does', () => {
    expect(pathsOf(noModel)).toEqual(['model.layers']);
    expect(pathsOf({ ...noModel, svm })).toEqual([]);
    const lab = { kind: 'chained-products' as const, size: 4, minimum: 0, maximum: 1 };
    expect(pathsOf({ ...noModel, lab })).toEqual([]);
    expect(pathsOf({ ...noModel, lab: { kind: 'initialisation' } })).toEqual(['model.layers']);
  });

  it('are one thing at a time, with classes for a support vector machine', () => {
    const lab = { kind: 'chained-products' as const, size: 4, minimum: 1, maximum: 0 };
    expect(pathsOf({ ...noModel, svm, lab })).toEqual(['lab']);
    expect(pathsOf({ ...noModel, lab })).toEqual(['lab.maximum']);
    expect(pathsOf({ ...noModel, svm, evaluation: { metrics: [] } }, curve)).toEqual(['svm']);
  });

  it('measure on no larger batch than there are training examples', () => {
    const lab = { kind: 'initialisation' as const, batchSize: 901 };
    expect(pathsOf({ lab })).toEqual(['lab.batchSize']);
    expect(pathsOf({ lab: { ...lab, batchSize: 900 } })).toEqual([]);
  });
});

it('reports what augmentation cannot do', () => {
  expect(pathsOf({ augmentation: [{ kind: 'shift', pixels: 28 }] })).toEqual(['augmentation.0.pixels']);
});

describe('splitSizes and stepsPerEpoch', () => {
  it('count the examples left after limits and dev', () => {
    const split = splitSpec.parse({ devFraction: 0.25, trainLimit: 101 });
    expect(splitSizes(split, digits)).toEqual({ train: 76, dev: 25, test: 200 });
  });

  it('count the last, smaller batch unless it is dropped', () => {
    expect(stepsPerEpoch({ batchSize: 32, dropLastBatch: false }, 76)).toBe(3);
    expect(stepsPerEpoch({ batchSize: 32, dropLastBatch: true }, 76)).toBe(2);
  });
});
