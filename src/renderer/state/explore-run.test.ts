import { describe, expect, it } from 'vitest';
import { dataSpec } from '../../shared/schema/dataset.ts';
import type { HeadResult } from '../../shared/schema/results.ts';
import { sameExamples } from './explore-run.svelte.ts';
import { addHead, emptyRunColumns, hasLosses, headFor } from './explore-run.ts';
import { ExampleSpace } from './explore-space.ts';
import { classificationOf } from './testing/sample-results.ts';

const space = new ExampleSpace(200, 50);
const head = (name: string, exampleLoss: Float32Array<ArrayBuffer> | null = null): HeadResult => ({
  name,
  result: { ...classificationOf(['a', 'b'], [0, 1], [1, 1], [0.75, 0.5], 10), exampleLoss },
});

describe("a run's answers", () => {
  it('go to the rows of the part that holds the split', () => {
    const columns = emptyRunColumns(space, 'classification');
    addHead(columns, space, 'dev', head('kind', Float32Array.of(1.5, 0.25)));
    addHead(columns, space, 'test', head('kind', Float32Array.of(3, 0.5)));
    expect([10, 11, 210, 211].map((index) => columns.loss[index])).toEqual([1.5, 0.25, 3, 0.5]);
    expect(columns.known.reduce((sum, known) => sum + known, 0)).toBe(4);
    expect([columns.predicted[210], columns.confidence[210]]).toEqual([1, 0.75]);
    expect(columns.loss[0]).toBeNaN();
  });

  it('may be without losses', () => {
    const columns = emptyRunColumns(space, 'classification');
    addHead(columns, space, 'test', head('kind'));
    expect(hasLosses(columns)).toBe(false);
  });

  it('of a regression are off by the size of the error', () => {
    const columns = emptyRunColumns(space, 'regression');
    addHead(columns, space, 'train', {
      name: 'price',
      result: {
        kind: 'regression',
        unit: null,
        rows: Int32Array.of(3),
        actual: Float32Array.of(10),
        predicted: Float32Array.of(12.5),
        sigma: null,
        rootMeanSquaredError: 0,
        meanAbsoluteError: 0,
        r2: null,
        negativeLogLikelihood: null,
      },
    });
    expect([columns.predicted[3], columns.loss[3], hasLosses(columns)]).toEqual([12.5, 2.5, true]);
  });

  it('are those of the head that is named after the target', () => {
    const results = { runId: '', epoch: 1, split: 'test' as const, heads: [head('digit'), head('colour')] };
    expect(headFor(results, 'colour', 0).name).toBe('colour');
    expect(headFor(results, 'shape', 1).name).toBe('colour');
    expect(headFor(results, 'shape', 7).name).toBe('digit');
  });
});

describe('two runs', () => {
  it('saw the same examples however they were split', () => {
    const one = dataSpec.parse({ dataset: 'mnist' });
    expect(sameExamples(one, { ...one, split: { ...one.split, devFraction: 0.5 } })).toBe(true);
    expect(sameExamples(one, { ...one, table: { features: ['x'], target: 'y' } })).toBe(false);
  });
});
