import type { AugmentationStep } from '../../../shared/schema/augmentation.ts';
import type { PreprocessingStep } from '../../../shared/schema/preprocessing.ts';
import { choice, number, type KindForm } from './fields.ts';

const per = choice('per', 'Per', ['feature', 'channel']);

/** How each step of preparation begins and is edited. */
export const PREPARATIONS: Readonly<Record<PreprocessingStep['kind'], KindForm>> = {
  'unit-scale': { label: 'Scale 8-bit values to [0, 1]', template: { kind: 'unit-scale' }, fields: [] },
  standardise: { label: 'Standardise', template: { kind: 'standardise', per: 'feature' }, fields: [per] },
  'min-max': {
    label: 'Map to [0, 1] by min and max',
    template: { kind: 'min-max', per: 'feature' },
    fields: [per],
  },
  'zca-whitening': {
    label: 'Whiten (ZCA)',
    template: { kind: 'zca-whitening', epsilon: 0.1 },
    fields: [number('epsilon', 'Epsilon', { hint: 'added to every eigenvalue' })],
  },
  'log-target': { label: 'Logarithm of the target', template: { kind: 'log-target' }, fields: [] },
  'standardise-target': {
    label: 'Standardise the target',
    template: { kind: 'standardise-target' },
    fields: [],
  },
};

const pixels = { unit: 'px' } as const;
const probability = number('probability', 'Probability');
const alpha = number('alpha', 'Alpha', { hint: 'of the Beta distribution' });

/** How each augmentation begins and is edited. */
export const AUGMENTATIONS: Readonly<Record<AugmentationStep['kind'], KindForm>> = {
  rotation: {
    label: 'Rotate',
    template: { kind: 'rotation', degrees: 15 },
    fields: [number('degrees', 'Up to', { unit: 'degrees', hint: 'either way' })],
  },
  shift: {
    label: 'Shift',
    template: { kind: 'shift', pixels: 2 },
    fields: [number('pixels', 'Up to', { ...pixels, hint: 'each way' })],
  },
  crop: {
    label: 'Pad and crop',
    template: { kind: 'crop', padding: 4 },
    fields: [number('padding', 'Padding', pixels)],
  },
  flip: {
    label: 'Flip',
    template: { kind: 'flip', axis: 'horizontal', probability: 0.5 },
    fields: [choice('axis', 'Axis', ['horizontal', 'vertical']), probability],
  },
  brightness: {
    label: 'Brightness',
    template: { kind: 'brightness', amount: 0.2 },
    fields: [number('amount', 'Up to', { hint: 'added, either way' })],
  },
  contrast: {
    label: 'Contrast',
    template: { kind: 'contrast', amount: 0.2 },
    fields: [number('amount', 'Up to', { hint: 'share, either way' })],
  },
  noise: {
    label: 'Noise',
    template: { kind: 'noise', standardDeviation: 0.05 },
    fields: [number('standardDeviation', 'Deviation')],
  },
  cutout: {
    label: 'Cutout',
    template: { kind: 'cutout', size: 8 },
    fields: [number('size', 'Side', pixels)],
  },
  cutmix: {
    label: 'CutMix',
    template: { kind: 'cutmix', alpha: 1, probability: 1 },
    fields: [alpha, probability],
  },
  mixup: {
    label: 'Mixup',
    template: { kind: 'mixup', alpha: 0.2, probability: 1 },
    fields: [alpha, probability],
  },
};
