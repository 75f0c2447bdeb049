import { describe, expect, it } from 'vitest';
import { experiment, type Experiment } from '../../shared/schema/experiment.ts';
import { valueOfField } from '../../shared/experiment/run-fields.ts';
import type { RunSummary } from '../../shared/schema/run.ts';
import { sampleExperiment } from '../store/store-test-kit.ts';
import { labelGroups } from './compare-labels.ts';
import { differingFields, flattenSettings, pickSettings, settingsOf } from './compare-settings.ts';

const sgd = { kind: 'sgd', learningRate: 0.1 } as const;

function made(change: object): Experiment {
  const plain = sampleExperiment();
  return experiment.parse({ ...plain, training: { ...plain.training, ...change } });
}

function labels(experiments: readonly Experiment[], names: readonly string[] = []): string[] {
  const settings = experiments.map(flattenSettings);
  const fields = differingFields(settings);
  const summaries = experiments.map(({ name }, i) => ({ name: names[i] ?? name, variant: null }));
  return labelGroups(
    summaries as unknown as RunSummary[],
    settings.map((one) => pickSettings(one, fields)),
  );
}

describe('the settings of experiments', () => {
  it('are flat, lists of plain values in one piece, and without what only describes', () => {
    const settings = flattenSettings(sampleExperiment({ description: 'x' }));
    expect(settings).toMatchObject({
      'data.dataset': 'circles',
      'data.table': null,
      'model.layers.0.units': 2,
      'training.optimizer.nesterov': false,
      'evaluation.metrics': '["accuracy"]',
      preprocessing: '[]',
    });
    for (const field of ['name', 'description', 'repeats', 'model', 'schemaVersion']) {
      expect(settings).not.toHaveProperty([field]);
    }
  });

  it('have paths under which the list of runs finds the same values', () => {
    const whole = made({ optimizer: { kind: 'adam', learningRate: 0.01 } });
    for (const [path, value] of Object.entries(flattenSettings(whole))) {
      expect(valueOfField({} as RunSummary, whole, path)).toEqual(value);
    }
  });

  it('differ in the order of the file, a field that is missing in some counting as null', () => {
    const deeper = sampleExperiment({
      name: 'other',
      model: experiment.shape.model.parse({
        layers: [
          { kind: 'dense', units: 8 },
          { kind: 'dropout', rate: 0.5 },
          { kind: 'dense', units: 2 },
        ],
      }),
    });
    const all = [sampleExperiment(), deeper, made({ optimizer: sgd, batchSize: 9 })].map(flattenSettings);
    const fields = differingFields(all);
    expect(fields.slice(0, 3)).toEqual([
      'model.layers.0.units',
      'model.layers.1.kind',
      'model.layers.1.rate',
    ]);
    expect(fields.at(-1)).toBe('training.batchSize');
    expect(pickSettings(all[0]!, fields)['model.layers.1.rate']).toBeNull();
    expect(differingFields(all.slice(0, 1))).toEqual([]);
    expect(differingFields([all[0]!, flattenSettings(sampleExperiment({ name: 'renamed' }))])).toEqual([]);
  });
});

describe('lists of layers', () => {
  const net = (...layers: object[]): Experiment =>
    sampleExperiment({ model: experiment.shape.model.parse({ layers }) });
  const dense = (units: number) => ({ kind: 'dense', units });

  it('compare by position while their kinds are the same', () => {
    const settings = settingsOf([net(dense(8), dense(2)), net(dense(16), dense(2))]);
    expect(differingFields(settings)).toEqual(['model.layers.0.units']);
  });

  it('are one field in words where their kinds differ, with what tells items of a kind apart', () => {
    const deep = net(dense(8), { kind: 'dropout', rate: 0.5 }, dense(2));
    const settings = settingsOf([deep, net(dense(8), dense(2)), net(dense(16), dense(2)), deep]);
    expect(differingFields(settings)).toEqual(['model.layers']);
    expect(settings.map((one) => one['model.layers'])).toEqual([
      'dense units 8, dropout, dense units 2',
      'dense units 8, dense units 2',
      'dense units 16, dense units 2',
      'dense units 8, dropout, dense units 2',
    ]);
    expect(settings[3]).toBe(settings[0]);
    expect(Object.keys(settings[0]!).indexOf('model.layers')).toBeLessThan(
      Object.keys(settings[0]!).indexOf('training.batchSize'),
    );
  });

  it('say none where they are empty', () => {
    const plain = sampleExperiment();
    const flipped = experiment.parse({ ...plain, preprocessing: [{ kind: 'unit-scale' }] });
    expect(settingsOf([plain, flipped]).map((one) => one.preprocessing)).toEqual(['none', 'unit-scale']);
  });
});

describe('the labels of groups', () => {
  it('name the fields that differ, as short as they are clear', () => {
    expect(labels([made({ batchSize: 8 }), made({ batchSize: 16 })])).toEqual([
      'batchSize 8',
      'batchSize 16',
    ]);
  });

  it('leave out what follows from a kind', () => {
    const rates = [0.1, 0.1, 0.01].map((learningRate, i) =>
      made({ optimizer: { kind: i === 0 ? 'sgd' : 'adam', learningRate } }),
    );
    expect(labels(rates)).toEqual([
      'optimizer sgd, learningRate 0.1',
      'optimizer adam, learningRate 0.1',
      'optimizer adam, learningRate 0.01',
    ]);
  });

  it('are names where many fields differ and the names do', () => {
    const other = made({ batchSize: 1, epochs: 2, labelSmoothing: 0.1, dropLastBatch: true });
    expect(labels([made({}), other], ['One', 'Two'])).toEqual(['One', 'Two']);
    expect(labels([made({}), other])[1]).toContain('batchSize 1, epochs 2');
    expect(labels([made({})], ['Alone'])).toEqual(['Alone']);
  });
});
