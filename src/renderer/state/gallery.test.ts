import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GalleryEntry } from '../../shared/ipc/contract.ts';
import { filterEntries, Gallery, groupEntries } from './gallery.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleDataset, sampleExperiment, sampleModel, sampleRun } from './testing/samples.ts';

function entry(id: string, group: string, change: Partial<GalleryEntry> = {}): GalleryEntry {
  return {
    id,
    experiment: { ...sampleExperiment, name: `Name of ${id}`, group },
    model: sampleModel,
    dataset: sampleDataset,
    lastRun: null,
    bestRun: null,
    ...change,
  };
}

const entries = [
  entry('b2', 'B. Regression'),
  entry('mine/own', 'B. Regression'),
  entry('a1', 'A. Curve'),
  entry('first', 'First steps'),
  entry('b1', 'B. Regression', { dataset: { ...sampleDataset, name: 'Noisy curve' } }),
];

describe('groups of the gallery', () => {
  it('are first steps, the reports by letter, and the own ones last', () => {
    expect(groupEntries(entries).map(({ name, entries: own }) => [name, own.map(({ id }) => id)])).toEqual([
      ['First steps', ['first']],
      ['A. Curve', ['a1']],
      ['B. Regression', ['b2', 'b1']],
      ['Mine', ['mine/own']],
    ]);
  });

  it('are filtered by words of name, group and dataset, all of which must fit', () => {
    const ids = (text: string) => filterEntries(entries, text).map(({ id }) => id);
    expect(ids('  ')).toHaveLength(5);
    expect(ids('NOISY regression')).toEqual(['b1']);
    expect(ids('name of a1')).toEqual(['a1']);
    expect(ids('noisy a1')).toEqual([]);
  });
});

describe('runs done', () => {
  let fake: FakeClient;
  let gallery: Gallery;
  let stop: () => void;
  const asked = () =>
    fake.calls.filter((call) => call.name === 'experiments.results').map((call) => call.params);

  beforeEach(async () => {
    vi.useFakeTimers();
    const many = { ...sampleExperiment, repeats: 3 };
    const ran = { lastRun: sampleRun() };
    fake = createFakeClient({
      'gallery.list': () => [
        entry('many', 'A', { experiment: many, ...ran }),
        entry('many-never-run', 'A', { experiment: many }),
        entry('one', 'A', ran),
      ],
      'experiments.results': () => [],
    });
    gallery = new Gallery(fake.client);
    stop = gallery.start();
    await gallery.load();
    await gallery.loadResults();
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('are asked for once, and only for experiments of many runs that were run', async () => {
    await gallery.loadResults();
    expect(asked()).toEqual([{ id: 'many' }]);
  });

  it('are read again a moment after runs of it end, once for all of them', async () => {
    for (const seed of [1, 2])
      fake.send(
        'run.changed',
        sampleRun({ experimentId: 'many', seed, finishedAt: '2026-11-21T09:00:00.000Z' }),
      );
    fake.send('run.changed', sampleRun({ experimentId: 'many', seed: 3 }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked()).toEqual([{ id: 'many' }, { id: 'many' }]);
  });
});
