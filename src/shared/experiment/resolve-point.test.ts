import { describe, expect, it } from 'vitest';
import { experiment } from '../schema/experiment.ts';
import { resolvePoint } from './resolve-point.ts';

const whole = experiment.parse({
  schemaVersion: 1,
  name: 'Circles',
  data: { dataset: 'circles' },
  model: {
    layers: [
      { kind: 'dense', units: 8 },
      { kind: 'dropout', rate: 0.1 },
      { kind: 'dense', units: 2 },
    ],
  },
  repeats: 3,
  search: {
    parameters: [
      {
        kind: 'choice',
        name: 'optimizer',
        paths: ['training.optimizer'],
        values: [
          { kind: 'sgd', learningRate: 1 },
          { kind: 'adam', learningRate: 1 },
        ],
      },
      { kind: 'uniform', name: 'rate', paths: ['training.optimizer.learningRate'], minimum: 0, maximum: 1 },
      {
        kind: 'integer',
        name: 'units',
        paths: ['model.layers.0.units', 'model.layers.9.units'],
        minimum: 1,
        maximum: 9,
      },
    ],
    sampler: { kind: 'random', trials: 3 },
  },
});

describe('the experiment of a point', () => {
  it('has the values in place, later parameters within earlier ones, and groups no more runs', () => {
    const resolved = resolvePoint(whole, { optimizer: { kind: 'sgd', learningRate: 1 }, rate: 0.25 }, null);
    expect(resolved.training.optimizer).toMatchObject({ kind: 'sgd', learningRate: 0.25 });
    expect(resolved).toMatchObject({ search: null, repeats: 1, variants: [], name: 'Circles' });
  });

  it('names its fold', () => {
    const fold = { index: 1, folds: 5, repeat: 0, seed: 7 };
    expect(resolvePoint(whole, {}, fold).data.split.fold).toEqual(fold);
    expect(resolvePoint(whole, {}, null).data.split).not.toHaveProperty('fold');
  });

  it('says which parameter leads nowhere, and which field is at fault', () => {
    expect(() => resolvePoint(whole, { units: 4 }, null)).toThrow(/search, units: 'model.layers.9.units'/);
    expect(() => resolvePoint(whole, { rate: -1 }, null)).toThrow(/training.optimizer.learningRate/);
  });
});
