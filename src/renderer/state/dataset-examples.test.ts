import { describe, expect, it } from 'vitest';
import { DatasetExamples } from './dataset-examples.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleDataset } from './testing/samples.ts';

interface Asked {
  readonly part: string;
  readonly rows: number[];
}

function examplesOf(trainExamples: number, testExamples: number) {
  const fake = createFakeClient({
    'datasets.examples': ({ rows }: Asked) => ({
      shape: [28, 28, 1],
      rows: Int32Array.from(rows),
      values: new Uint8Array(),
      targets: [],
    }),
  });
  const info = { ...sampleDataset, trainExamples, testExamples };
  const asked = () => fake.calls.map((call) => call.params as Asked);
  return { examples: new DatasetExamples(fake.client, info), asked, fake };
}

describe('pages of examples', () => {
  it('are asked for row by row, the last one shorter', async () => {
    const { examples, asked } = examplesOf(130, 10);
    await examples.show(0);
    await examples.show(2);
    expect(asked().map(({ rows }) => [rows[0], rows.at(-1)])).toEqual([
      [0, 59],
      [120, 129],
    ]);
    expect(examples.pages).toBe(3);
  });

  it('end where the part ends', async () => {
    const { examples } = examplesOf(130, 10);
    await examples.show(99);
    expect(examples.page).toBe(2);
    await examples.show(-1);
    expect(examples.page).toBe(0);
    await examples.show(2, 'test');
    expect([examples.page, examples.count]).toEqual([0, 10]);
  });

  it('show what was asked for last, whatever comes first', async () => {
    const { examples } = examplesOf(130, 0);
    await Promise.all([examples.show(0), examples.show(1)]);
    expect(examples.examples?.rows[0]).toBe(60);
    expect(examples.waiting).toBe(false);
  });

  it('keep the last page in sight when the next cannot be read', async () => {
    const { examples, fake } = examplesOf(130, 0);
    await examples.show(0);
    fake.client.invoke = () => Promise.reject(new Error('gone'));
    await examples.show(1);
    expect(examples.error?.message).toBe('gone');
    expect(examples.examples?.rows[0]).toBe(0);
  });
});
