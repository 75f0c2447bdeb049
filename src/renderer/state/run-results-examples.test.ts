import { describe, expect, it } from 'vitest';
import { ExampleReader, partOf } from './run-results-examples.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleImages } from './testing/sample-results.ts';
import { sampleDataset, sampleExperiment } from './testing/samples.ts';

interface Asked {
  readonly part: string;
  readonly rows: number[];
}

function createReader(most?: number) {
  const fake = createFakeClient({
    'datasets.examples': ({ rows }: Asked) => sampleImages(rows, 2),
    'datasets.list': () => ({
      datasets: [{ ...sampleDataset, featureNames: ['x', 'y'] }],
      catalogue: [],
    }),
  });
  const reader = new ExampleReader(fake.client, sampleExperiment.data, most);
  const asked = () => fake.calls.map(({ params }) => (params as Asked).rows);
  return { reader, asked };
}

describe('the reader of examples', () => {
  it('gives examples in the order of the rows, each with its own values', async () => {
    const { reader } = createReader();
    const examples = await reader.read('test', [5, 3, 5]);
    expect(examples.map(({ row }) => row)).toEqual([5, 3, 5]);
    expect(examples[1]!.values).toEqual(sampleImages([3], 2).values);
    expect(examples[1]!.shape).toEqual([2, 2, 1]);
  });

  it('reads no row twice, and the same row of another part anew', async () => {
    const { reader, asked } = createReader();
    await reader.read('test', [1, 2]);
    await reader.read('test', [2, 3]);
    await reader.read('train', [2]);
    expect(asked()).toEqual([[1, 2], [3], [2]]);
  });

  it('asks for at most a thousand rows at a time', async () => {
    const { reader, asked } = createReader();
    await reader.read(
      'train',
      Array.from({ length: 2_100 }, (_, row) => row),
    );
    expect(asked().map((rows) => rows.length)).toEqual([1_000, 1_000, 100]);
  });

  it('forgets the oldest beyond its room', async () => {
    const { reader, asked } = createReader(2);
    await reader.read('test', [1, 2, 3]);
    await reader.read('test', [1, 3]);
    expect(asked()).toEqual([[1, 2, 3], [1]]);
  });

  it("names a row's numbers, and asks again after a failure", async () => {
    const { reader } = createReader();
    expect(await reader.featureNames()).toEqual(['x', 'y']);
    const broken = new ExampleReader(createFakeClient({}).client, sampleExperiment.data);
    await expect(broken.featureNames()).rejects.toThrow('datasets.list');
    await expect(broken.featureNames()).rejects.toThrow('datasets.list');
  });

  it('takes dev from the training part', () => {
    expect(['train', 'dev', 'test'].map((split) => partOf(split as 'dev'))).toEqual([
      'train',
      'train',
      'test',
    ]);
  });
});
