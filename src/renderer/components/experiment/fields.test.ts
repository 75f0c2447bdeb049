import { describe, expect, it } from 'vitest';
import { layerSpec } from '../../../shared/schema/model.ts';
import { optimizerSpec } from '../../../shared/schema/training.ts';
import { generatorOptions } from '../../../shared/schema/dataset.ts';
import { GENERATOR_TEMPLATE, LAYER_FORMS, moreLayerFields, OPTIMIZERS, trainingFields } from './fields.ts';

describe('the form follows the schema', () => {
  it('has a form for every kind of layer, beginning with a valid one', () => {
    const kinds = layerSpec.options.map((option) => option.shape.kind.value);
    expect(Object.keys(LAYER_FORMS).sort()).toEqual([...kinds].sort());
    for (const form of Object.values(LAYER_FORMS))
      expect(layerSpec.safeParse(form.template).success).toBe(true);
  });

  it('shows each key of each layer', () => {
    for (const option of layerSpec.options) {
      const form = LAYER_FORMS[option.shape.kind.value];
      const shown = [...form.main, ...moreLayerFields(form, () => undefined)].map((field) => field.path);
      const keys = Object.keys(option.shape).filter((key) => key !== 'kind');
      expect(shown.sort(), option.shape.kind.value).toEqual(keys.sort());
    }
  });

  it('shows each key of each optimizer, beginning with a valid one', () => {
    for (const option of optimizerSpec.options) {
      const kind = option.shape.kind.value;
      expect(optimizerSpec.safeParse(OPTIMIZERS[kind]).success).toBe(true);
      const prefix = 'training.optimizer.';
      const shown = trainingFields(kind)
        .filter((field) => field.path.startsWith(prefix))
        .map((field) => field.path.slice(prefix.length));
      expect(shown.sort()).toEqual(
        Object.keys(option.shape)
          .filter((key) => key !== 'kind')
          .sort(),
      );
    }
  });

  it('shows an initialiser its own numbers', () => {
    const fields = moreLayerFields(LAYER_FORMS.dense, (path) =>
      path === 'weightInitializer.kind' ? 'normal' : 'zeros',
    );
    expect(fields.map((field) => field.path)).toContain('weightInitializer.standardDeviation');
    expect(fields.map((field) => field.path)).not.toContain('biasInitializer.mean');
  });

  it('begins a generator with valid numbers', () => {
    expect(generatorOptions.safeParse(GENERATOR_TEMPLATE).success).toBe(true);
  });
});
