import { describe, expect, it } from 'vitest';
import { experiment, type ExperimentInput } from '../schema/experiment.ts';
import { resolveVariant, variantIds } from './resolve-variant.ts';

function withVariants(variants: ExperimentInput['variants']) {
  return experiment.parse({
    schemaVersion: 1,
    name: 'Cures',
    data: { dataset: 'circles' },
    model: {
      layers: [
        { kind: 'dense', units: 4 },
        { kind: 'dense', units: 2 },
      ],
    },
    repeats: 3,
    variants,
  });
}

describe('resolving a variant', () => {
  it('puts its values in place and leaves the rest, itself and its siblings out', () => {
    const whole = withVariants([
      {
        id: 'K1',
        name: 'wide and slow',
        set: { 'model.layers.0.units': 40, 'training.optimizer': { kind: 'sgd', learningRate: 0.5 } },
      },
    ]);
    const resolved = resolveVariant(whole, 'K1');
    expect(resolved.model.layers.map((layer) => ('units' in layer ? layer.units : null))).toEqual([40, 2]);
    expect(resolved.training.optimizer).toMatchObject({ kind: 'sgd', learningRate: 0.5, momentum: 0 });
    expect(resolved).toMatchObject({
      name: 'Cures, wide and slow',
      variants: [],
      repeats: 1,
      reference: null,
    });
    expect(whole.model.layers[0]).toMatchObject({ units: 4 });
  });

  it('is the experiment without its siblings when no variant is named', () => {
    const whole = withVariants([{ id: 'K1', name: 'one', set: {} }]);
    expect(resolveVariant(whole, null)).toEqual({ ...whole, variants: [], repeats: 1 });
    expect(variantIds(whole)).toEqual(['K1']);
    expect(variantIds(withVariants([]))).toEqual([null]);
  });

  it.each([
    ['model.layers.7.units', 3, /leads to no field/],
    ['training.nothing.here', 3, /leads to no field/],
    ['model.layers.0.units', 'many', /makes no valid experiment, model.layers.0.units/],
    ['training.epoch', 3, /makes no valid experiment/],
  ])('refuses %s', (path, value, message) => {
    expect(() => resolveVariant(withVariants([{ id: 'a', name: 'a', set: { [path]: value } }]), 'a')).toThrow(
      message,
    );
  });

  it('refuses a variant that is not there and says which are', () => {
    expect(() => resolveVariant(withVariants([{ id: 'K1', name: 'one', set: {} }]), 'K9')).toThrow(
      /no variant 'K9', expected one of K1/,
    );
  });
});
