import { describe, expect, it } from 'vitest';
import { sampleExperiment } from '../store/store-test-kit.ts';
import { closestWord, editDistance } from './did-you-mean.ts';
import { checkUnknownExperiment } from './experiment-check.ts';

/** The sample as a file, changed by hand. */
function file(change: (value: ReturnType<typeof rawSample>) => void): unknown {
  const value = rawSample();
  change(value);
  return value;
}

function rawSample(): {
  [key: string]: unknown;
  data: Record<string, unknown>;
  model: { layers: Record<string, unknown>[] };
  training: Record<string, unknown> & { optimizer: Record<string, unknown> };
} {
  return JSON.parse(JSON.stringify(sampleExperiment())) as ReturnType<typeof rawSample>;
}

/** Bundled and generated datasets need no folder. */
const noDatasets = '';

describe('checking an experiment', () => {
  it('gives a sound one back with model and steps', () => {
    const check = checkUnknownExperiment(sampleExperiment(), noDatasets);
    expect(check.issues).toEqual([]);
    expect(check.model?.parameterCount).toBe(6);
    expect(check.stepsPerEpoch).toBeGreaterThan(0);
  });

  it.each([
    ['traning', (v: ReturnType<typeof rawSample>) => (v['traning'] = {}), 'traning', 'training'],
    ['batch_size', (v) => (v.training['batch_size'] = 1), 'training.batch_size', 'batchSize'],
    [
      'learning-rate',
      (v) => (v.training.optimizer['learning-rate'] = 1),
      'training.optimizer.learning-rate',
      'learningRate',
    ],
    ['unit', (v) => (v.model.layers[0]!['unit'] = 1), 'model.layers.0.unit', 'units'],
    ['devfraction', (v) => (v.data['split'] = { devfraction: 0 }), 'data.split.devfraction', 'devFraction'],
    [
      'weightInitialiser',
      (v) => (v.model.layers[0]!['weightInitialiser'] = {}),
      'model.layers.0.weightInitialiser',
      'weightInitializer',
    ],
  ] as const satisfies readonly (readonly [
    string,
    (v: ReturnType<typeof rawSample>) => unknown,
    string,
    string,
  ])[])('names the misspelt key %s and the one that was meant', (_, change, path, meant) => {
    const { issues, experiment } = checkUnknownExperiment(file(change), noDatasets);
    expect(experiment).toBeNull();
    expect(issues.find((issue) => issue.path === path)?.message).toContain(`did you mean "${meant}"?`);
  });

  it.each([
    ['data.dataset', (v: ReturnType<typeof rawSample>) => (v.data['dataset'] = 'circle'), 'circles'],
    ['model.layers.0.kind', (v) => (v.model.layers[0]!['kind'] = 'Dense'), 'dense'],
    ['training.optimizer.kind', (v) => (v.training.optimizer['kind'] = 'adm'), 'adam'],
  ] as const satisfies readonly (readonly [string, (v: ReturnType<typeof rawSample>) => unknown, string])[])(
    'names the word meant at %s',
    (path, change, meant) => {
      const { issues } = checkUnknownExperiment(file(change), noDatasets);
      expect(issues.find((issue) => issue.path === path)?.message).toContain(`did you mean "${meant}"?`);
    },
  );

  it.each([null, undefined, 3, 'text', [], {}, { schemaVersion: 1, data: null, model: { layers: [null] } }])(
    'takes any value, even %j',
    (value) => {
      const check = checkUnknownExperiment(value, noDatasets);
      expect(check.issues.length).toBeGreaterThan(0);
      expect(check.experiment).toBeNull();
    },
  );

  it('says which layer does not fit', () => {
    const value = file((v) => v.model.layers.unshift({ kind: 'conv2d', filters: 2, kernelSize: 3 }));
    const check = checkUnknownExperiment(value, noDatasets);
    expect(check.issues.map((issue) => issue.path)).toContainEqual(
      expect.stringMatching(/^model\.layers\.0/),
    );
    expect(check.model).toBeNull();
    expect(check.experiment).not.toBeNull();
  });

  it('reports options that a dataset does not take where they stand', () => {
    const generator = { trainExamples: 10, testExamples: 10, noise: 0, seed: 1 };
    const value = file((v) => (v.data = { dataset: 'mnist', generator }));
    expect(checkUnknownExperiment(value, noDatasets).issues[0]?.path).toBe('data.generator');
  });
});

describe('the closest word', () => {
  it('counts edits as Levenshtein did', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('same', 'same')).toBe(0);
  });

  it('is none where nothing is close', () => {
    expect(closestWord('banana', ['epochs', 'batchSize'])).toBeNull();
  });
});
