import { describe, expect, it } from 'vitest';
import type { ColumnInfo, DatasetInfo } from '../../../shared/schema/dataset.ts';
import type { DatasetRow } from '../../state/datasets.svelte.ts';
import { sampleDataset } from '../../state/testing/samples.ts';
import { datasetGroups, datasetsLike, selectionToBegin } from './dataset-choice.ts';

const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
function row(id: string, change: Partial<DatasetInfo> = {}, here = true): DatasetRow {
  const info = { ...sampleDataset, classes: digits, id, name: id, ...change };
  return { id, name: id, info: here ? info : null, entry: null, here };
}
const column = (name: string, type: ColumnInfo['type'], missingCount = 0): ColumnInfo => ({
  name,
  type,
  missingCount,
});

describe('datasets to choose from', () => {
  it('stand under where they come from, those not here in the catalogue', () => {
    const rows = [row('own', { origin: 'imported' }), row('cifar', {}, false), row('mnist')];
    expect(datasetGroups(rows).map((group) => [group.label, group.rows.map(({ id }) => id)])).toEqual([
      ['Comes with the studio', ['mnist']],
      ['Catalogue', ['cifar']],
      ['Imported', ['own']],
    ]);
  });

  it('are alike with the same image shape and as many classes, if they are here', () => {
    const rows = [
      row('mnist'),
      row('fashion'),
      row('small', { featureShape: [16, 16, 1] }),
      row('letters', { classes: [...digits, 'a'] }),
      row('gone', {}, false),
    ];
    expect(datasetsLike({ ...sampleDataset, classes: digits }, rows).map(({ id }) => id)).toEqual([
      'fashion',
    ]);
    expect(datasetsLike({ ...sampleDataset, featureShape: [2] }, rows)).toEqual([]);
  });
});

describe('columns to begin with', () => {
  it('are all whole columns of numbers, and the last that can be predicted', () => {
    const columns = [
      column('age', 'number'),
      column('pay', 'number', 3),
      column('bought', 'category'),
      column('note', 'text'),
    ];
    expect(selectionToBegin(columns)).toEqual({ features: ['age'], target: 'bought' });
  });

  it('are none where nothing is left to learn from', () => {
    expect(selectionToBegin([column('age', 'number'), column('note', 'text')])).toBeNull();
    expect(selectionToBegin([])).toBeNull();
  });
});
