import { beforeEach, describe, expect, it } from 'vitest';
import type { CatalogueEntry, DatasetList, DatasetProgress } from '../../shared/schema/catalogue.ts';
import { datasetRows, Datasets, fetchBytes, madeFromSameFiles } from './datasets.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleDataset } from './testing/samples.ts';

function entry(id: string, files: readonly string[], info: CatalogueEntry['info'] = null): CatalogueEntry {
  return {
    id,
    name: id.toUpperCase(),
    description: '',
    homepage: '',
    licence: '',
    files: files.map((name) => ({
      name,
      address: `https://data.example/${name}`,
      sizeBytes: 10,
      sha256: null,
    })),
    importHint: '',
    info,
  };
}

const usps = { ...sampleDataset, id: 'usps', name: 'USPS', origin: 'catalogue' } as const;
const list: DatasetList = {
  datasets: [sampleDataset, usps],
  catalogue: [
    entry('usps', ['train', 'test'], usps),
    entry('coloured', ['train', 'test']),
    entry('cifar', ['all']),
  ],
};
const progress = (phase: DatasetProgress['phase'], doneBytes = 0): DatasetProgress => ({
  dataset: 'cifar',
  phase,
  doneBytes,
  totalBytes: 10,
  bytesPerSecond: 0,
  secondsLeft: null,
  message: '',
});

describe('the list of datasets', () => {
  it('names each once, with its entry of the catalogue, and those not here after those here', () => {
    const rows = datasetRows(list);
    expect(rows.map(({ id, here }) => [id, here])).toEqual([
      ['mnist', true],
      ['usps', true],
      ['coloured', false],
      ['cifar', false],
    ]);
    expect(rows[1]?.entry?.id).toBe('usps');
    expect(rows[0]?.entry).toBeNull();
  });

  it('knows what comes and goes together, and what a fetch brings', () => {
    expect(madeFromSameFiles(list.catalogue[0]!, list.catalogue)).toEqual(['COLOURED']);
    expect(madeFromSameFiles(list.catalogue[2]!, list.catalogue)).toEqual([]);
    expect(fetchBytes(list.catalogue[0]!)).toBe(20);
  });
});

describe('fetches', () => {
  let fake: FakeClient;
  let datasets: Datasets;
  let stop: () => void;

  beforeEach(async () => {
    fake = createFakeClient({
      'datasets.list': () => list,
      'datasets.fetch': () => ({}),
      'datasets.remove': () => ({}),
    });
    datasets = new Datasets(fake.client);
    stop = datasets.start();
    await datasets.load();
  });

  it('are followed while they go on and forgotten when they are done', () => {
    fake.send('dataset.progress', progress('download', 5));
    expect(datasets.isWorking('cifar')).toBe(true);
    expect(datasets.progress.get('cifar')?.doneBytes).toBe(5);
    fake.send('dataset.progress', progress('done'));
    expect(datasets.progress.has('cifar')).toBe(false);
  });

  it('stay in sight when they fail, until they are tried again', async () => {
    fake.send('dataset.progress', progress('failed', 5));
    expect(datasets.isWorking('cifar')).toBe(false);
    expect(datasets.progress.get('cifar')?.phase).toBe('failed');
    await datasets.fetch('cifar');
    expect(datasets.progress.has('cifar')).toBe(false);
  });

  it('and imports elsewhere change the list, which is read again', () => {
    const before = fake.calls.length;
    fake.send('datasets.changed', {});
    expect(fake.calls.slice(before).map((call) => call.name)).toEqual(['datasets.list']);
  });

  it('that are about to be opened are read once ahead', () => {
    const reads = () => fake.calls.filter(({ name }) => name === 'datasets.examples').length;
    datasets.warm('usps');
    datasets.warm('usps');
    expect(reads()).toBe(1);
    datasets.warm('mnist');
    expect(reads()).toBe(2);
  });

  it('are heard no longer once stopped', () => {
    stop();
    expect(fake.listening()).toBe(0);
  });
});
