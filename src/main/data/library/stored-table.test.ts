import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableSelection } from '../../../shared/schema/dataset.ts';
import { temporaryFolder } from '../dataset-test-kit.ts';
import { importDataset } from '../import/import-dataset.ts';
import { datasetInfo, loadDataset } from '../index.ts';

/** Text columns lie between others in the file, so that their lengths move what follows. */
const csv = `id,colour,note,size,"weight, kg",label
1,red,a short note,10,1.5,yes
2,green,"a longer note, with a comma",NA,2.5,no
3,,third,30,-1,yes
4,blue,fourth,40,4.5,maybe
5,red,fifth,50,5.5,no
6,green,sixth,60,6.5,
`;

const folder = temporaryFolder();
beforeAll(async () => {
  const path = join(folder.path, 'Things.csv');
  writeFileSync(path, csv);
  const columnTypes = { colour: 'category', note: 'text', label: 'category' } as const;
  await importDataset({ paths: [path], columnTypes }, folder.path);
});
afterAll(() => folder.remove());

const choose = (table: TableSelection | null) => ({ dataset: 'things', generator: null, table });
const load = (table: TableSelection | null) => loadDataset(choose(table), folder.path);

describe('a stored table', () => {
  it('keeps its columns with types and missing values', () => {
    const { columns } = datasetInfo(choose(null), folder.path);
    expect(columns).toEqual([
      { name: 'id', type: 'number', missingCount: 0 },
      { name: 'colour', type: 'category', missingCount: 1 },
      { name: 'note', type: 'text', missingCount: 0 },
      { name: 'size', type: 'number', missingCount: 1 },
      { name: 'weight, kg', type: 'number', missingCount: 0 },
      { name: 'label', type: 'category', missingCount: 1 },
    ]);
  });

  it('turns categories into one column per value, and leaves out rows with a missing value among the chosen', async () => {
    const { info, train, test, leftOutRows } = await load({
      features: ['size', 'colour'],
      target: 'weight, kg',
    });
    expect(info.featureNames).toEqual(['size', 'colour=blue', 'colour=green', 'colour=red']);
    expect(info).toMatchObject({ featureShape: [4], task: 'regression', trainExamples: 4, testExamples: 0 });
    expect(train.features.shape).toEqual([4, 4]);
    expect([...train.features.values]).toEqual([10, 0, 0, 1, 40, 1, 0, 0, 50, 0, 0, 1, 60, 0, 1, 0]);
    expect([...train.targets[0]!]).toEqual([1.5, 4.5, 5.5, 6.5]);
    expect(test).toBe(train);
    expect(leftOutRows).toBe(2);
  });

  it('predicts a category as classes in the order of their names', async () => {
    const { info, train } = await load({ features: ['id', 'weight, kg'], target: 'label' });
    expect(info.classes).toEqual(['maybe', 'no', 'yes']);
    expect(train.targets[0]).toEqual(Int32Array.of(2, 1, 2, 0, 1));
    expect([...train.features.values.subarray(4, 6)]).toEqual([3, -1]);
  });

  it('without a choice predicts the last column that is no text from all other numbers', () => {
    const info = datasetInfo(choose(null), folder.path);
    expect(info.featureNames).toEqual(['id', 'size', 'weight, kg']);
    expect(info.targets.map(({ name }) => name)).toEqual(['label']);
    expect(info.trainExamples).toBe(4);
  });

  it('has another fingerprint for another choice of columns, and the same for the same', async () => {
    const [one, again, other] = [
      await load({ features: ['id'], target: 'weight, kg' }),
      await load({ features: ['id'], target: 'weight, kg' }),
      await load({ features: ['size'], target: 'weight, kg' }),
    ];
    expect(again.sha256).toBe(one.sha256);
    expect(other.sha256).not.toBe(one.sha256);
  });

  it.each<[string, TableSelection, string]>([
    ['an unknown column', { features: ['id', 'height'], target: 'label' }, 'data.table.features.1'],
    ['a text column', { features: ['note'], target: 'label' }, 'data.table.features.0'],
    [
      'the target among the features',
      { features: ['id', 'label'], target: 'label' },
      'data.table.features.1',
    ],
    ['a column twice', { features: ['id', 'id'], target: 'label' }, 'data.table.features.1'],
    ['a text target', { features: ['id'], target: 'note' }, 'data.table.target'],
  ])('refuses %s and says where', (_, table, path) => {
    expect(() => datasetInfo(choose(table), folder.path)).toThrow(
      expect.objectContaining({ code: 'invalid-input', details: expect.objectContaining({ path }) }),
    );
  });

  it('refuses to load columns of which no row is whole', async () => {
    const path = join(folder.path, 'holes.csv');
    writeFileSync(path, 'a,b\n1,NA\nNA,2\n');
    await importDataset({ paths: [path], columnTypes: { b: 'number' } }, folder.path);
    const spec = { dataset: 'holes', generator: null, table: null };
    expect(datasetInfo(spec, folder.path).trainExamples).toBe(0);
    await expect(loadDataset(spec, folder.path)).rejects.toThrow(/each of the 2 rows has a missing value/);
  });
});
