import { describe, expect, it } from 'vitest';
import { searchSpec, searchParameter } from '../../../shared/schema/search.ts';
import { sampleExperiment } from '../../state/testing/samples.ts';
import { getAt, type Json } from '../../text/json-path.ts';
import {
  choicesText,
  parameterFor,
  parseChoices,
  PRUNERS,
  SAMPLERS,
  searchableFields,
  searchFields,
  withKind,
} from './search-fields.ts';

const fields = searchableFields(sampleExperiment);
const fieldAt = (path: string) => fields.find((field) => field.path === path)!;

describe('the fields a search may vary', () => {
  it('are numbers, words and flags of the net and its training, and the optimiser whole', () => {
    const paths = fields.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'training.optimizer',
        'training.optimizer.learningRate',
        'training.batchSize',
        'model.layers.0.units',
        'model.layers.0.activation',
      ]),
    );
    expect(paths.some((path) => /\.(kind|name)$/.test(path))).toBe(false);
    for (const { path, value } of fields) expect(getAt(sampleExperiment, path)).toEqual(value);
  });

  it('make parameters that a space can hold, under names of their own', () => {
    const taken: string[] = [];
    for (const field of fields) {
      const made = searchParameter.safeParse(parameterFor(field, taken));
      expect(made.error, field.path).toBeUndefined();
      taken.push(made.data!.name);
    }
    expect(new Set(taken).size).toBe(fields.length);
  });

  it('are searched by size, by share or by words', () => {
    expect(parameterFor(fieldAt('training.optimizer.learningRate'), [])).toMatchObject({
      kind: 'log-uniform',
      minimum: 1e-4,
      maximum: 1e-2,
    });
    expect(parameterFor(fieldAt('training.batchSize'), [])).toMatchObject({ kind: 'choice', values: [8] });
    expect(parameterFor({ path: 'model.layers.1.rate', label: 'rate', value: 0.2 }, ['rate'])).toMatchObject({
      kind: 'uniform',
      name: 'rate 2',
      minimum: 0,
      maximum: 0.4,
    });
  });
});

describe('another kind of parameter', () => {
  const parameter: Json = { kind: 'choice', name: 'units', paths: ['model.layers.0.units'], values: [1] };

  it('keeps the name and the paths and lies around the value there is', () => {
    expect(withKind(parameter, 'integer', 64)).toEqual({
      kind: 'integer',
      name: 'units',
      paths: ['model.layers.0.units'],
      minimum: 32,
      maximum: 128,
    });
    for (const kind of ['uniform', 'log-uniform', 'integer', 'choice'] as const)
      expect(searchParameter.safeParse(withKind(parameter, kind, 0)).success, kind).toBe(true);
  });
});

describe('the values of a choice in a line', () => {
  it('are numbers, words and flags between commas, and JSON where they are more', () => {
    expect(parseChoices('16, 32, 64')).toEqual([16, 32, 64]);
    expect(parseChoices('relu, tanh,')).toEqual(['relu', 'tanh']);
    expect(parseChoices('1e-3, none, true')).toEqual([0.001, 'none', true]);
    expect(parseChoices('{"kind":"adam"}, {"kind":"sgd"}')).toEqual([{ kind: 'adam' }, { kind: 'sgd' }]);
  });

  it('come back as they were', () => {
    const lists: Json[][] = [
      [16, 32],
      ['relu', 'tanh'],
      [{ kind: 'adam', learningRate: 0.1 }],
      [true, false],
      ['8', 'a,b'],
    ];
    for (const list of lists) expect(parseChoices(choicesText(list))).toEqual(list);
    expect(choicesText(['relu', 'tanh'])).toBe('relu, tanh');
    expect(choicesText(null)).toBe('');
  });
});

describe('the templates of the form', () => {
  it('are valid searches', () => {
    const parameters = [parameterFor(fieldAt('training.batchSize'), [])];
    for (const sampler of Object.values(SAMPLERS))
      for (const pruner of Object.values(PRUNERS))
        expect(
          searchSpec.safeParse({ parameters, sampler: sampler.template, pruner: pruner.template }).error,
        ).toBeUndefined();
  });

  it('have the fields of what is chosen', () => {
    const paths = searchFields('tpe', 'asha', true).map(({ path }) => path);
    expect(paths).toContain('search.sampler.startupTrials');
    expect(paths).toContain('search.pruner.reductionFactor');
    expect(paths).toContain('search.secondObjective.metric');
    expect(searchFields('grid', 'none', false).map(({ path }) => path)).not.toContain(
      'search.sampler.trials',
    );
  });
});
