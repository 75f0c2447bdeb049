import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { experiment, type ExperimentInput } from '../../../shared/schema/experiment.ts';
import type { VariantResults } from '../../../shared/schema/results.ts';
import { variantFamilies } from './families.ts';
import { Collector, type FigureSource } from './source.ts';
import { findSubject, type Subject } from './subject.ts';
import { addSweep, sweepPoints } from './sweep-figures.ts';

function withVariants(variants: ExperimentInput['variants']) {
  return experiment.parse({
    schemaVersion: 1,
    name: 'Cures',
    data: { dataset: 'circles' },
    model: {
      layers: [
        { kind: 'dense', units: 4, activation: 'relu' },
        { kind: 'dense', units: 2 },
      ],
    },
    variants,
  });
}

function results(variant: string, values: (number | null)[], metric = 'accuracy'): VariantResults {
  const numbers = values.filter((value) => value !== null);
  const mean = numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return {
    variant,
    name: variant,
    runIds: values.map((_, i) => `${variant.replace(/\W/g, '')}run0000${i}`),
    seeds: values.map((_, i) => i + 1),
    durationMs: 1,
    metrics: [{ split: 'dev', metric, values, mean, standardDeviation: null, count: numbers.length }],
    bestDevMetrics: [],
  };
}

/** A source that knows these variants, and of a run only its id. */
function sourceOf(variants: VariantResults[]): FigureSource {
  return {
    'experiments.get': () => withVariants([]),
    'experiments.results': () => variants,
    'runs.get': ({ runId }: { runId: string }) => ({ summary: { id: runId } }),
  } as unknown as FigureSource;
}

describe('what a report is about', () => {
  it('is the variant best on dev, by the run that is nearest to its mean', async () => {
    const variants = [results('a', [0.9, 0.7]), results('b', [0.8, 0.95, 0.9]), results('c', [null])];
    const subject = await findSubject(sourceOf(variants), 'cures');
    expect(subject.headline).toEqual({ split: 'dev', metric: 'accuracy' });
    expect(subject.best.results.variant).toBe('b');
    expect(subject.best.detail.summary.id).toBe('brun00002');
  });

  it('takes the smallest of an error', async () => {
    const metric = 'root-mean-squared-error';
    const variants = [results('a', [31_000], metric), results('b', [29_000], metric)];
    expect((await findSubject(sourceOf(variants), 'x')).best.results.variant).toBe('b');
  });

  it('says what to do where nothing has run', async () => {
    await expect(findSubject(sourceOf([]), 'cures')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('experiments run cures') as string,
    });
  });
});

describe('variants that are compared', () => {
  const rate = (id: string, value: number) => ({
    id,
    name: id,
    set: { 'training.optimizer.learningRate': value },
  });
  const batch = (id: string, value: number) => ({ id, name: id, set: { 'training.batchSize': value } });
  const subjectOf = (variants: NonNullable<ExperimentInput['variants']>) =>
    ({
      experiment: withVariants(variants),
      variants: variants.map(({ id }) => results(id, [0.5])),
    }) as unknown as Subject;

  it('stand apart by what they change where there are many, the plain one in each', () => {
    const variants = [
      { id: 'plain', name: 'plain', set: {} },
      ...[1, 2, 3, 4].map((i) => rate(`r${i}`, i / 10)),
      ...[1, 2, 3, 4].map((i) => batch(`b${i}`, i)),
    ];
    const families = variantFamilies(subjectOf(variants));
    expect(families.map(({ name, variants: own }) => [name, own.map(({ variant }) => variant)])).toEqual([
      ['learning-rate', ['plain', 'r1', 'r2', 'r3', 'r4']],
      ['batch-size', ['plain', 'b1', 'b2', 'b3', 'b4']],
    ]);
  });

  it('stand together where they are few', () => {
    expect(variantFamilies(subjectOf([rate('a', 0.1), batch('b', 3)])).map(({ name }) => name)).toEqual(['']);
  });

  it('make a sweep where each setting is varied while the others are held', async () => {
    const grid = [0.1, 0.2, 0.3].flatMap((value) =>
      [8, 16].map((size) => ({
        id: `r${value}b${size}`,
        name: 'point',
        set: { 'training.optimizer.learningRate': value, 'training.batchSize': size },
      })),
    );
    const subject = { ...subjectOf(grid), headline: { split: 'dev', metric: 'accuracy' } } as Subject;
    const points = sweepPoints(subject.experiment, subject.variants, subject.headline!);
    expect(points[1]?.settings).toEqual({ 'Learning rate': 0.1, 'Batch size': 16 });
    const into = new Collector('mine/grid');
    await addSweep(into, subject);
    expect(into.report.figures.map(({ name, figure }) => [name, figure.kind])).toEqual([
      ['grid-sweep', 'panels'],
    ]);
  });
});

describe('collecting figures', () => {
  it('goes on after one that cannot be made, and tells of it', async () => {
    const into = new Collector('c2');
    await into.figure('maps', () => {
      throw new StudioError('unsupported', 'no convolution');
    });
    await into.table('results', () => ({
      title: 'r',
      runIds: [],
      columns: [{ title: 'a', align: 'left' }],
      rows: [['1']],
    }));
    expect(into.report.missing).toEqual([{ name: 'c2-maps', reason: 'no convolution' }]);
    expect(into.report.tables.map(({ name }) => name)).toEqual(['c2-results']);
  });

  it('does not hide what is a fault of the program', async () => {
    const into = new Collector('c2');
    await expect(
      into.figure('maps', () => {
        throw new TypeError('undefined is no function');
      }),
    ).rejects.toThrow(TypeError);
  });
});
