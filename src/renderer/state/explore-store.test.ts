import { describe, expect, it } from 'vitest';
import { dataSpec } from '../../shared/schema/dataset.ts';
import { ExampleSpace } from './explore-space.ts';
import { ExampleStore } from './explore-store.ts';
import { createFakeClient } from './testing/fake-client.ts';

interface Asked {
  readonly part: 'train' | 'test';
  readonly rows: number[];
}

const SIZE = 4;
const settle = () => new Promise((resolve) => setTimeout(resolve));
const group = (from: number, length = 10) => Uint32Array.from({ length }, (_, at) => from + at);

/** A dataset of 100 + 20 examples, each four bytes of its row; answers wait until they are let go. */
function open(keptBytes?: number) {
  const waiting: (() => void)[] = [];
  const fake = createFakeClient({
    'datasets.examples': async ({ part, rows }: Asked) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      const base = part === 'train' ? 0 : 100;
      return {
        shape: [2, 2, 1],
        rows: Int32Array.from(rows),
        values: Uint8Array.from(rows.flatMap((row) => new Array<number>(SIZE).fill(base + row))),
        targets: [Int32Array.from(rows)],
      };
    },
  });
  const store = new ExampleStore(
    fake.client,
    dataSpec.parse({ dataset: 'mnist' }),
    new ExampleSpace(100, 20),
    keptBytes,
  );
  const asked = () => fake.calls.map((call) => call.params as Asked);
  const answerAll = async () => {
    while (waiting.length > 0) {
      waiting.splice(0).forEach((go) => go());
      await settle();
    }
  };
  return { store, asked, answerAll, fake };
}

describe('examples', () => {
  it('are read in the groups wanted, two at a time, and kept', async () => {
    const { store, asked, answerAll } = open();
    store.want([group(0), group(10), group(20)]);
    expect(asked().map(({ rows }) => rows[0])).toEqual([0, 10]);
    await answerAll();
    expect(asked()).toHaveLength(3);
    expect([...(store.get(25)?.values ?? [])]).toEqual([25, 25, 25, 25]);
    expect(store.get(25)?.targets).toEqual([25]);
    store.want([group(0)]);
    expect(asked()).toHaveLength(3);
  });

  it('that were scrolled past before they were asked for are not read', async () => {
    const { store, asked, answerAll } = open();
    store.want([group(0), group(10), group(20), group(30)]);
    store.want([group(80)]);
    await answerAll();
    expect(asked().map(({ rows }) => rows[0])).toEqual([0, 10, 80]);
    expect(store.has(20)).toBe(false);
  });

  it('of both parts are asked for part by part', async () => {
    const { store, asked, answerAll } = open();
    store.want([group(95)]);
    await answerAll();
    expect(asked()).toMatchObject([
      { part: 'train', rows: [95, 96, 97, 98, 99] },
      { part: 'test', rows: [0, 1, 2, 3, 4] },
    ]);
    expect(store.get(102)?.values[0]).toBe(102);
  });

  it('used longest ago are forgotten when they take too much', async () => {
    const { store, answerAll } = open(20 * SIZE);
    for (const from of [0, 10]) {
      store.want([group(from)]);
      await answerAll();
    }
    store.get(0);
    store.want([group(20)]);
    await answerAll();
    expect([0, 10, 20].map((index) => store.has(index))).toEqual([true, false, true]);
  });

  it('can be read past the queue', async () => {
    const { store, answerAll } = open();
    const reading = store.read([7, 101]);
    await answerAll();
    expect((await reading).map((example) => example?.values[0])).toEqual([7, 101]);
  });

  it('are asked for no more after a failure until it is tried again', async () => {
    const { store, fake, answerAll } = open();
    const { invoke } = fake.client;
    const faults: string[] = [];
    store.onerror = (error) => faults.push(error.message);
    fake.client.invoke = () => Promise.reject(new Error('gone'));
    store.want([group(0), group(10), group(20)]);
    await settle();
    expect(faults[0]).toBe('gone');
    fake.client.invoke = invoke;
    store.want([group(30)]);
    expect(fake.calls).toHaveLength(0);
    store.retry();
    await answerAll();
    expect(store.has(30)).toBe(true);
  });
});
