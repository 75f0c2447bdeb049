import { describe, expect, it } from 'vitest';
import { ExampleReader } from '../../state/run-results-examples.ts';
import { createFakeClient } from '../../state/testing/fake-client.ts';
import { classificationOf, sampleRegression, sampleResults } from '../../state/testing/sample-results.ts';
import { sampleExperiment } from '../../state/testing/samples.ts';
import { linePoints, planePoints, readFieldPoints } from './field-points.ts';

/** Row n is at (n, -n, 7). */
const fake = createFakeClient({
  'datasets.examples': ({ rows }: { rows: number[] }) => ({
    shape: [3],
    rows: Int32Array.from(rows),
    values: Float32Array.from(rows.flatMap((row) => [row, -row, 7])),
    targets: [],
  }),
});
const reader = new ExampleReader(fake.client, sampleExperiment.data);

describe('the points over a field', () => {
  it('lie at their first two features, with class and whether they were named wrong', async () => {
    const result = classificationOf(['a', 'b'], [0, 1, 1], [0, 0, 1], [1, 1, 1], 10);
    const points = await readFieldPoints(reader, sampleResults(result, { split: 'train' }));
    expect(planePoints(points, 'train')).toEqual([
      { x: 10, y: -10, label: 0, wrong: false, split: 'train' },
      { x: 11, y: -11, label: 1, wrong: true, split: 'train' },
      { x: 12, y: -12, label: 1, wrong: false, split: 'train' },
    ]);
  });

  it('lie at the target over one feature', async () => {
    const result = sampleRegression(3, false);
    const points = await readFieldPoints(reader, sampleResults(result));
    expect(linePoints(points)).toEqual([...result.actual].map((y, x) => ({ x, y })));
  });

  it('are an even share of a large split', async () => {
    const points = await readFieldPoints(reader, sampleResults(sampleRegression(5_000, false)));
    expect([points.features.length, points.total]).toEqual([1_000, 5_000]);
    expect(points.features[1]![0]).toBe(5);
  });
});
