import { describe, expect, it } from 'vitest';
import { dataSpec } from '../../shared/schema/dataset.ts';
import { ExampleSpace } from './explore-space.ts';
import { TableValues } from './explore-values.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';

interface Asked {
  readonly part: 'train' | 'test';
  readonly rows: number[];
}

function tableOf(train: number, test: number, width: number) {
  const fake = createFakeClient({
    'datasets.examples': ({ part, rows }: Asked) => ({
      shape: [width],
      rows: Int32Array.from(rows),
      values: Float32Array.from(
        rows.flatMap((row) =>
          Array.from({ length: width }, (_, feature) => (part === 'test' ? 10_000 : 0) + 10 * row + feature),
        ),
      ),
      targets: [],
    }),
  });
  const data = dataSpec.parse({ dataset: 'houses' });
  return { fake, values: new TableValues(fake.client, data, new ExampleSpace(train, test), width) };
}

describe("a table's values", () => {
  it('are read once, page by page, train before test', async () => {
    const { values, fake } = tableOf(1_500, 20, 3);
    await Promise.all([values.load(), values.load()]);
    await values.load();
    expect(fake.calls.map(({ params }) => (params as Asked).rows.length)).toEqual([1_000, 500, 20]);
    expect(values.column(2)?.[1_499]).toBe(14_992);
    expect(values.column(0)?.[1_501]).toBe(10_010);
    expect(values.progress).toBeNull();
  });

  it('are no columns before they are read, nor beyond the last', async () => {
    const { values } = tableOf(2, 0, 1);
    expect(values.column(0)).toBeNull();
    await values.load();
    expect([...(values.column(0) ?? [])]).toEqual([0, 10]);
    expect(values.column(1)).toBeNull();
  });

  it('that are too many stay where they are', async () => {
    const { values, fake } = tableOf(1_000_000, 0, 500);
    await values.load();
    expect([values.tooLarge, fake.calls.length]).toEqual([true, 0]);
  });

  it('that could not be read can be asked for again', async () => {
    const { values, fake } = tableOf(3, 0, 1);
    const { invoke } = fake.client;
    fake.client.invoke = () => Promise.reject(new Error('gone'));
    await values.load();
    expect(values.error?.message).toBe('gone');
    fake.client.invoke = invoke;
    await values.load();
    expect([values.error, values.values?.length]).toEqual([null, 3]);
  });
});
