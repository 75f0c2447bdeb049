import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { augmentationStep } from '../../../shared/schema/augmentation.ts';
import { generatorOptions, splitSpec } from '../../../shared/schema/dataset.ts';
import { labSpec } from '../../../shared/schema/lab.ts';
import { layerSpec } from '../../../shared/schema/model.ts';
import { preprocessingStep } from '../../../shared/schema/preprocessing.ts';
import { scheduleSpec } from '../../../shared/schema/schedule.ts';
import { svmSpec } from '../../../shared/schema/svm.ts';
import { gradientClipping, optimizerSpec, trainingSpec } from '../../../shared/schema/training.ts';
import { GENERATOR_TEMPLATE, splitFields } from './data-fields.ts';
import type { Field, KindForm } from './fields.ts';
import { LAYER_FORMS, moreLayerFields } from './layer-fields.ts';
import { LABS, svmFields } from './method-fields.ts';
import { AUGMENTATIONS, PREPARATIONS } from './step-fields.ts';
import { OPTIMIZERS, SCHEDULES, trainingFields } from './training-fields.ts';

const paths = (fields: readonly Field[]) => fields.map((field) => field.path);
const trainingPaths = (choices: Partial<Parameters<typeof trainingFields>[0]>) =>
  paths(trainingFields({ optimizer: 'adam', schedule: 'constant', clipping: undefined, ...choices }));
/** What is left of paths below a prefix. */
const below = (all: readonly string[], prefix: string) =>
  all.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
const keysOf = (option: z.ZodObject) => Object.keys(option.shape).filter((key) => key !== 'kind');

describe('the form follows the schema', () => {
  it('has a form for every kind of layer, beginning with one of its kind', () => {
    const kinds = layerSpec.options.map((option) => option.shape.kind.value);
    expect(Object.keys(LAYER_FORMS).sort()).toEqual([...kinds].sort());
    for (const form of Object.values(LAYER_FORMS))
      expect(layerSpec.safeParse(form.template).success).toBe(true);
  });

  it('shows each key of each layer', () => {
    for (const option of layerSpec.options) {
      const form = LAYER_FORMS[option.shape.kind.value];
      const shown = paths([...form.main, ...moreLayerFields(form, () => undefined)]);
      expect(shown.sort(), option.shape.kind.value).toEqual(keysOf(option).sort());
    }
  });

  it.each([
    ['preparation', PREPARATIONS, preprocessingStep],
    ['augmentation', AUGMENTATIONS, augmentationStep],
    ['schedule', SCHEDULES, scheduleSpec],
    ['lab', LABS, labSpec],
  ] as const)('shows each key of each kind of %s, beginning with a valid one', (_, forms, schema) => {
    const byKind: Readonly<Record<string, KindForm>> = forms;
    const kinds = schema.options.map((option) => option.shape.kind.value);
    expect(Object.keys(forms).sort()).toEqual([...kinds].sort());
    for (const option of schema.options) {
      const kind = option.shape.kind.value;
      const form = byKind[kind]!;
      expect(schema.safeParse(form.template).success, kind).toBe(true);
      expect(paths(form.fields).sort(), kind).toEqual(keysOf(option).sort());
    }
  });

  it('shows each key of each optimizer, beginning with a valid one', () => {
    for (const option of optimizerSpec.options) {
      const kind = option.shape.kind.value;
      expect(optimizerSpec.safeParse(OPTIMIZERS[kind]).success).toBe(true);
      const shown = below(trainingPaths({ optimizer: kind }), 'training.optimizer.');
      expect(shown.sort()).toEqual(keysOf(option).sort());
    }
  });

  it('shows a gradient limit its number, and none where there is none', () => {
    for (const option of gradientClipping.options) {
      const shown = trainingPaths({ clipping: option.shape.kind.value });
      expect(below(shown, 'training.gradientClipping.')).toEqual(keysOf(option));
    }
    expect(below(trainingPaths({}), 'training.gradientClipping.')).toEqual([]);
  });

  it('shows every field of training', () => {
    const shown = new Set(trainingPaths({}).map((path) => path.split('.')[1]));
    // These two have widgets of their own.
    for (const key of ['classWeights', 'earlyStopping']) shown.add(key);
    expect([...shown].sort()).toEqual(Object.keys(trainingSpec.shape).sort());
  });

  it('shows every field of a split for a dataset that comes as one part', () => {
    // A fold belongs to a search, which cuts it.
    const { fold: _, ...shown } = splitSpec.shape;
    expect(below(paths(splitFields(null)), 'data.split.').sort()).toEqual(Object.keys(shown).sort());
  });

  it("shows a support vector machine's gamma for the kernel that has one", () => {
    expect(paths(svmFields('rbf')).sort()).toEqual(Object.keys(svmSpec.shape).sort());
    expect(paths(svmFields('linear'))).not.toContain('gamma');
  });

  it('shows an initialiser its own numbers', () => {
    const fields = moreLayerFields(LAYER_FORMS.dense, (path) =>
      path === 'weightInitializer.kind' ? 'normal' : 'zeros',
    );
    expect(paths(fields)).toContain('weightInitializer.standardDeviation');
    expect(paths(fields)).not.toContain('biasInitializer.mean');
  });

  it('begins a generator with valid numbers', () => {
    expect(generatorOptions.safeParse(GENERATOR_TEMPLATE).success).toBe(true);
  });
});
