import { activationKind, initializer, type LayerKind } from '../../../shared/schema/model.ts';
import { datasetId } from '../../../shared/schema/dataset.ts';
import { lossKind, metricName, type OptimizerKind } from '../../../shared/schema/training.ts';
import type { Json } from '../../text/json-path.ts';

/** How a value is written and read in the form. */
export type FieldKind =
  | { readonly kind: 'number'; readonly nullable?: boolean; readonly nullLabel?: string }
  | { readonly kind: 'text'; readonly rows?: number }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** An object with a `kind`; choosing another one puts that one's template in its place. */
  | { readonly kind: 'variant'; readonly templates: Readonly<Record<string, Json>> }
  | { readonly kind: 'flag' }
  /** One number for both sides, or height and width. */
  | { readonly kind: 'sides' };

/** One field of the form: where its value lies, relative to its section, and how it is edited. */
export interface Field {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly input: FieldKind;
}

type Options = Pick<Field, 'hint'>;

function number(path: string, label: string, options: Options & { nullLabel?: string } = {}): Field {
  const { nullLabel, hint } = options;
  return { path, label, hint, input: { kind: 'number', nullable: nullLabel !== undefined, nullLabel } };
}
function choice(path: string, label: string, options: readonly string[], more: Options = {}): Field {
  return { path, label, input: { kind: 'choice', options }, ...more };
}
function flag(path: string, label: string, more: Options = {}): Field {
  return { path, label, input: { kind: 'flag' }, ...more };
}
function sides(path: string, label: string, more: Options = {}): Field {
  return { path, label, input: { kind: 'sides' }, ...more };
}
function variant(path: string, label: string, templates: Readonly<Record<string, Json>>): Field {
  return { path, label, input: { kind: 'variant', templates } };
}

export const EXPERIMENT_FIELDS: readonly Field[] = [
  { path: 'name', label: 'Name', input: { kind: 'text' } },
  { path: 'description', label: 'Description', input: { kind: 'text', rows: 2 } },
];

export const DATA_FIELDS: readonly Field[] = [
  choice('data.dataset', 'Dataset', datasetId.options),
  number('data.split.devFraction', 'Dev share', { hint: 'of the training part, from 0 to below 1' }),
  number('data.split.trainLimit', 'Training examples', { nullLabel: 'all' }),
  number('data.split.testLimit', 'Test examples', { nullLabel: 'all' }),
  flag('data.split.stratified', 'Same class shares in every part'),
];

export const GENERATOR_FIELDS: readonly Field[] = [
  number('data.generator.trainExamples', 'Made for training'),
  number('data.generator.testExamples', 'Made for testing'),
  number('data.generator.noise', 'Noise', { hint: 'standard deviation' }),
  number('data.generator.seed', 'Seed of the data', { hint: 'every run sees the same points' }),
];

/** Numbers to begin with when a generated dataset is chosen. */
export const GENERATOR_TEMPLATE: Json = { trainExamples: 2_000, testExamples: 1_000, noise: 0.1, seed: 1 };

export const OPTIMIZERS: Readonly<Record<OptimizerKind, Json>> = {
  sgd: { kind: 'sgd', learningRate: 0.01, momentum: 0.9 },
  adam: { kind: 'adam', learningRate: 0.001 },
  adamw: { kind: 'adamw', learningRate: 0.001 },
  rmsprop: { kind: 'rmsprop', learningRate: 0.001 },
};

const decay = number('weightDecay', 'Weight decay');
const adamFields = [
  number('beta1', 'Beta 1'),
  number('beta2', 'Beta 2'),
  number('epsilon', 'Epsilon'),
  decay,
];
const optimizerFields: Readonly<Record<OptimizerKind, readonly Field[]>> = {
  sgd: [number('momentum', 'Momentum'), decay, flag('nesterov', 'Nesterov')],
  adam: adamFields,
  adamw: adamFields,
  rmsprop: [
    number('smoothing', 'Smoothing'),
    number('momentum', 'Momentum'),
    number('epsilon', 'Epsilon'),
    decay,
  ],
};

/** Puts a section's path before its fields' own. */
function under(prefix: string, fields: readonly Field[]): Field[] {
  return fields.map((field) => ({ ...field, path: `${prefix}.${field.path}` }));
}

/** The training section's fields; an optimizer's own follow its kind. */
export function trainingFields(optimizer: unknown): Field[] {
  const known = typeof optimizer === 'string' && Object.hasOwn(optimizerFields, optimizer);
  const own = known ? optimizerFields[optimizer as OptimizerKind] : [];
  return [
    choice('training.loss', 'Loss', lossKind.options),
    variant('training.optimizer', 'Optimizer', OPTIMIZERS),
    number('training.optimizer.learningRate', 'Learning rate'),
    ...under('training.optimizer', own),
    number('training.batchSize', 'Batch size'),
    number('training.epochs', 'Epochs'),
    flag('training.dropLastBatch', 'Skip the last, smaller batch'),
  ];
}

export const EARLY_STOPPING_TEMPLATE: Json = { split: 'dev', metric: 'loss', patience: 5 };

export const EARLY_STOPPING_FIELDS: readonly Field[] = under('training.earlyStopping', [
  choice('split', 'Watches', ['train', 'dev']),
  choice('metric', 'Metric', metricName.options),
  number('patience', 'Patience', { hint: 'epochs without an improvement' }),
  number('minimumDelta', 'Least improvement'),
  flag('restoreBest', 'Measure the best epoch at the end'),
]);

export const EVALUATION_FIELDS: readonly Field[] = under('evaluation', [
  number('everyEpochs', 'Every n epochs', { hint: '0: only after the last' }),
  number('batchSize', 'Batch size'),
  flag('testEveryEpoch', 'Measure the test split every time, not only at the end'),
]);

const INITIALISERS: Readonly<Record<string, Json>> = Object.fromEntries(
  initializer.options.map((option) => [option.shape.kind.value, { kind: option.shape.kind.value }]),
);

/** Fields of an initialiser's own numbers, where it has some. */
function initialiserFields(path: string, value: unknown): Field[] {
  if (value === 'uniform') return under(path, [number('minimum', 'Minimum'), number('maximum', 'Maximum')]);
  if (value === 'normal')
    return under(path, [number('mean', 'Mean'), number('standardDeviation', 'Deviation')]);
  return [];
}

const activation = choice('activation', 'Activation', activationKind.options);
const padding = choice('padding', 'Padding', ['same', 'valid']);
const poolFields = [sides('poolSize', 'Pool size')];
const poolMore = [sides('strides', 'Strides', { hint: 'the pool size when empty' }), padding];

interface LayerForm {
  readonly template: Json;
  /** Always in sight. */
  readonly main: readonly Field[];
  /** Behind "More". */
  readonly more: readonly Field[];
  readonly initialisers: boolean;
}

function layerForm(template: Json, main: Field[], more: Field[] = [], initialisers = false): LayerForm {
  return { template, main, more, initialisers };
}

const slope = number('negativeSlope', 'Negative slope', { hint: 'of leaky-relu only' });

/** How each kind of layer begins and is edited. */
export const LAYER_FORMS: Readonly<Record<LayerKind, LayerForm>> = {
  dense: layerForm(
    { kind: 'dense', units: 64, activation: 'relu' },
    [number('units', 'Units'), activation],
    [slope, flag('useBias', 'Bias')],
    true,
  ),
  conv2d: layerForm(
    { kind: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu' },
    [number('filters', 'Filters'), sides('kernelSize', 'Kernel'), activation],
    [sides('strides', 'Strides'), sides('dilation', 'Dilation'), padding, slope, flag('useBias', 'Bias')],
    true,
  ),
  'max-pool2d': layerForm({ kind: 'max-pool2d', poolSize: 2 }, poolFields, poolMore),
  'average-pool2d': layerForm({ kind: 'average-pool2d', poolSize: 2 }, poolFields, poolMore),
  'global-average-pool2d': layerForm({ kind: 'global-average-pool2d' }, []),
  'global-max-pool2d': layerForm({ kind: 'global-max-pool2d' }, []),
  'batch-norm': layerForm(
    { kind: 'batch-norm' },
    [],
    [number('momentum', 'Momentum'), number('epsilon', 'Epsilon')],
  ),
  dropout: layerForm({ kind: 'dropout', rate: 0.5 }, [number('rate', 'Rate', { hint: 'share dropped' })]),
  flatten: layerForm({ kind: 'flatten' }, []),
  activation: layerForm({ kind: 'activation', activation: 'relu' }, [activation], [slope]),
};

/** A layer's form, or null for a kind the form does not know. */
export function layerFormOf(kind: unknown): LayerForm | null {
  return typeof kind === 'string' && Object.hasOwn(LAYER_FORMS, kind) ? LAYER_FORMS[kind as LayerKind] : null;
}

/** The fields behind a layer's "More": its own, its initialisers' and its name. Paths are relative to the layer. */
export function moreLayerFields(form: LayerForm, valueAt: (path: string) => unknown): Field[] {
  const initialisers = form.initialisers
    ? [
        variant('weightInitializer', 'Weights begin', INITIALISERS),
        ...initialiserFields('weightInitializer', valueAt('weightInitializer.kind')),
        variant('biasInitializer', 'Bias begins', INITIALISERS),
        ...initialiserFields('biasInitializer', valueAt('biasInitializer.kind')),
      ]
    : [];
  const name: Field = {
    path: 'name',
    label: 'Name',
    hint: 'made by itself when empty',
    input: { kind: 'text' },
  };
  return [...form.more, ...initialisers, name];
}
