import { describe, expect, it } from 'vitest';
import { experiment } from '../../../shared/schema/experiment.ts';
import { searchSpec } from '../../../shared/schema/search.ts';
import { sampleExperiment } from '../../state/testing/samples.ts';
import { changesOf, samplerText, valueText } from './variant-text.ts';

const zeros = { kind: 'zeros' };
const whole = experiment.parse({
  ...sampleExperiment,
  variants: [
    { id: 'as-it-is', name: 'As it is', set: {} },
    { id: 'slower', name: 'Slower', set: { 'training.optimizer.learningRate': 0.0001 } },
    { id: 'sgd', name: 'SGD', set: { 'training.optimizer': { kind: 'sgd', learningRate: 0.1 } } },
    {
      id: 'zeros',
      name: 'Zeros',
      set: {
        'model.layers': [
          { kind: 'dense', units: 8, weightInitializer: zeros },
          { kind: 'dense', units: 10, weightInitializer: zeros },
        ],
      },
    },
    {
      id: 'deeper',
      name: 'Deeper',
      set: { 'model.layers': [{ kind: 'flatten' }, ...sampleExperiment.model.layers] },
    },
    { id: 'nowhere', name: 'Nowhere', set: { 'training.nothing.at': 1 } },
  ],
});

describe('what a variant changes', () => {
  it('is nothing where it sets nothing', () => {
    expect(changesOf(whole, 'as-it-is')).toEqual([]);
  });

  it('is the field alone, not what was written again around it', () => {
    expect(changesOf(whole, 'slower')).toEqual([
      { path: 'training.optimizer.learningRate', value: '0.0001' },
    ]);
    expect(changesOf(whole, 'zeros')).toEqual([{ path: 'model.layers.*.weightInitializer', value: 'zeros' }]);
  });

  it('is the whole of what is of another kind or length', () => {
    const [optimizer, ...others] = changesOf(whole, 'sgd') ?? [];
    expect(others).toEqual([]);
    expect(optimizer?.path).toBe('training.optimizer');
    expect(optimizer?.value).toMatch(/^sgd learningRate 0\.1 /);
    expect(changesOf(whole, 'deeper')).toEqual([{ path: 'model.layers', value: 'flatten, dense, dense' }]);
  });

  it('is not told where it makes no valid experiment', () => {
    expect(changesOf(whole, 'nowhere')).toBeNull();
  });
});

describe('values in words', () => {
  it('writes lists, kinds and nothing', () => {
    expect(valueText([])).toBe('none');
    expect(valueText(null)).toBe('none');
    expect(valueText([16, 32])).toBe('16, 32');
    expect(valueText({ kind: 'crop', padding: 4 })).toBe('crop padding 4');
  });
});

describe('how a search is said', () => {
  const parameters = [{ kind: 'choice', name: 'batch', paths: ['training.batchSize'], values: [4, 8] }];
  it.each([
    [{ sampler: { kind: 'random', trials: 500 }, folds: 5 }, 'Random search, 500 trials, 5 folds each'],
    [{ sampler: { kind: 'grid', fraction: 0.2 } }, 'Grid search over 20 % of the points'],
    [{ sampler: { kind: 'grid', count: 64 }, seeds: 3 }, 'Grid search over 64 of the points, 3 seeds'],
    [
      { sampler: { kind: 'sobol', trials: 8 }, folds: 0 },
      'Sobol sequence, 8 trials, leaving one example out',
    ],
    [
      { sampler: { kind: 'tpe', trials: 9 }, folds: 2, foldRepeats: 4 },
      'Tree-structured Parzen estimator, 9 trials, 2 folds each, cut 4 times',
    ],
  ])('%o', (spec, text) => {
    expect(samplerText(searchSpec.parse({ parameters, ...spec }))).toBe(text);
  });
});
