import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportPreview, ImportRequest } from '../../shared/schema/catalogue.ts';
import { DatasetImport } from './dataset-import.svelte.ts';
import { createFakeClient, type FakeClient } from './testing/fake-client.ts';
import { sampleDataset } from './testing/samples.ts';

const preview: ImportPreview = {
  format: 'csv',
  catalogueId: null,
  suggestedName: 'customers',
  trainExamples: 3,
  testExamples: 0,
  featureShape: [],
  classes: [],
  columns: [{ name: 'age', type: 'number', missingCount: 0, firstValues: ['1'] }],
};

describe('an import', () => {
  let fake: FakeClient;
  let task: DatasetImport;
  let refuse: string | null;

  beforeEach(() => {
    refuse = null;
    fake = createFakeClient({
      'datasets.upload': ({ name }: { name: string }) => ({ upload: 'u', path: `/u/${name}` }),
      'datasets.preview': () => {
        if (refuse !== null) throw new Error(refuse);
        return preview;
      },
      'datasets.import': () => {
        if (refuse !== null) throw new Error(refuse);
        return sampleDataset;
      },
    });
    task = new DatasetImport(fake.client);
  });

  const drop = () => task.takeFiles([{ path: 'customers.csv', file: new File(['age\n1'], 'customers.csv') }]);
  const lastRequest = () => fake.calls.at(-1)?.params as ImportRequest;

  it('hands files over, looks at them, and proposes a name', async () => {
    await drop();
    expect(task.stage).toBe('deciding');
    expect(task.preview).toEqual(preview);
    expect(task.name).toBe('customers');
    expect(task.upload).toEqual({ doneBytes: 5, totalBytes: 5 });
  });

  it('stores under the name given, with the types corrected', async () => {
    await drop();
    await task.correct('age', 'category');
    expect(lastRequest().columnTypes).toEqual({ age: 'category' });
    task.name = '  People ';
    await task.store();
    expect(fake.calls.at(-1)?.name).toBe('datasets.import');
    expect(lastRequest()).toEqual({
      paths: ['/u/customers.csv'],
      name: 'People',
      columnTypes: { age: 'category' },
    });
    expect(task.stage).toBe('done');
    expect(task.stored).toEqual(sampleDataset);
  });

  it('goes back to choosing when the files cannot be read, and says why', async () => {
    refuse = 'no table';
    await drop();
    expect(task.stage).toBe('choosing');
    expect(task.error?.message).toBe('no table');
    refuse = null;
    await task.takePath('/data/pets');
    expect(task.error).toBeNull();
    expect(lastRequest().paths).toEqual(['/data/pets']);
  });

  it('keeps what was decided when it cannot be stored', async () => {
    await drop();
    refuse = 'there is one of that name';
    await task.store();
    expect(task.stage).toBe('deciding');
    expect(task.error?.message).toBe('there is one of that name');
    expect(task.preview).toEqual(preview);
  });

  it('shows nothing of what was cancelled', async () => {
    const dropping = drop();
    task.cancel();
    await dropping;
    expect(task.stage).toBe('choosing');
    expect(task.preview).toBeNull();
    expect(task.error).toBeNull();
  });
});
