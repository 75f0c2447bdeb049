import { lossKind, metricName, type OptimizerKind } from '../../../shared/schema/training.ts';
import type { ScheduleSpec } from '../../../shared/schema/schedule.ts';
import type { Json } from '../../text/json-path.ts';
import {
  choice,
  flag,
  formOfKind,
  number,
  templatesOf,
  under,
  variant,
  type Field,
  type KindForm,
} from './fields.ts';

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

const factor = number('factor', 'Factor', { hint: 'the rate is multiplied by it' });

/** How the learning rate may change, each kind with its own numbers. */
export const SCHEDULES: Readonly<Record<ScheduleSpec['kind'], KindForm>> = {
  constant: { label: 'Constant', template: { kind: 'constant' }, fields: [] },
  step: {
    label: 'Step',
    template: { kind: 'step', everyEpochs: 10, factor: 0.5 },
    fields: [number('everyEpochs', 'After every', { unit: 'epochs' }), factor],
  },
  exponential: { label: 'Exponential', template: { kind: 'exponential', factor: 0.95 }, fields: [factor] },
  cosine: {
    label: 'Cosine',
    template: { kind: 'cosine', minimumShare: 0 },
    fields: [number('minimumShare', 'Ends at', { hint: 'share of the learning rate' })],
  },
  'one-cycle': {
    label: 'One cycle',
    template: { kind: 'one-cycle', warmUpShare: 0.3, startDivisor: 25, endDivisor: 10_000 },
    fields: [
      number('warmUpShare', 'Way up', { hint: 'share of all steps' }),
      number('startDivisor', 'Start divisor', { hint: 'begins at the rate divided by it' }),
      number('endDivisor', 'End divisor', { hint: 'ends at the start divided by it' }),
    ],
  },
  'reduce-on-plateau': {
    label: 'Reduce on plateau',
    template: { kind: 'reduce-on-plateau', split: 'dev', metric: 'loss', factor: 0.1, patience: 10 },
    fields: [
      choice('split', 'Watches split', ['train', 'dev']),
      choice('metric', 'Watches metric', metricName.options),
      factor,
      number('patience', 'Patience', { unit: 'epochs', hint: 'without an improvement' }),
      number('threshold', 'Threshold', { hint: 'share of the best that counts as better' }),
      number('minimumLearningRate', 'Lowest rate'),
    ],
  },
};

const CLIPPINGS: Readonly<Record<string, Json>> = {
  norm: { kind: 'norm', limit: 1 },
  value: { kind: 'value', limit: 0.5 },
};

/** What the training section's fields depend on. */
export interface TrainingChoices {
  readonly optimizer: unknown;
  readonly schedule: unknown;
  readonly clipping: unknown;
}

/** The training section's fields; what belongs to an optimizer, schedule or limit follows its kind. */
export function trainingFields({ optimizer, schedule, clipping }: TrainingChoices): Field[] {
  const known = typeof optimizer === 'string' && Object.hasOwn(optimizerFields, optimizer);
  const own = known ? optimizerFields[optimizer as OptimizerKind] : [];
  const hasLimit = typeof clipping === 'string' && Object.hasOwn(CLIPPINGS, clipping);
  return under('training', [
    choice('loss', 'Loss', lossKind.options, { columns: 2 }),
    number('labelSmoothing', 'Label smoothing', { hint: 'share spread over all classes' }),
    variant('optimizer', 'Optimizer', OPTIMIZERS),
    number('optimizer.learningRate', 'Learning rate'),
    ...under('optimizer', own),
    variant('schedule', 'Schedule', templatesOf(SCHEDULES)),
    ...under('schedule', formOfKind(SCHEDULES, schedule)?.fields ?? []),
    number('warmUpEpochs', 'Warm-up', { unit: 'epochs', hint: 'from 0 up to the rate' }),
    variant('gradientClipping', 'Gradient limit', CLIPPINGS, { noneLabel: 'none' }),
    ...(hasLimit ? [number('gradientClipping.limit', 'Limit')] : []),
    number('batchSize', 'Batch size', { hint: 'examples' }),
    number('epochs', 'Epochs'),
    flag('dropLastBatch', 'Skip the last, smaller batch'),
  ]);
}

export const EARLY_STOPPING_TEMPLATE: Json = { split: 'dev', metric: 'loss', patience: 5 };

export const EARLY_STOPPING_FIELDS: readonly Field[] = under('training.earlyStopping', [
  choice('split', 'Watches', ['train', 'dev']),
  choice('metric', 'Metric', metricName.options),
  number('patience', 'Patience', { unit: 'epochs', hint: 'without an improvement' }),
  number('minimumDelta', 'Least improvement'),
  flag('restoreBest', 'Measure the best epoch at the end'),
]);
