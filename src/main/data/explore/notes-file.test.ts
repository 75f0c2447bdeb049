import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeStandIns, temporaryFolder } from '../dataset-test-kit.ts';
import { removeDataset } from '../library/store-dataset.ts';
import { NotesFiles } from './notes-file.ts';

let folder: ReturnType<typeof temporaryFolder>;
const places = () => ({
  datasetDirectory: join(folder.path, 'datasets'),
  noteDirectory: join(folder.path, 'notes'),
});
const wrong = { kind: 'label', text: 'This is a 4' } as const;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('notes', () => {
  it('are there again for the next studio, train before test, rows ascending', async () => {
    const notes = new NotesFiles(places());
    await notes.set('mnist', { part: 'test', row: 3 }, wrong);
    await notes.set('mnist', { part: 'train', row: 59_999 }, { kind: 'outlier', text: '' });
    const all = await notes.set('mnist', { part: 'train', row: 8 }, wrong);
    expect(all.notes.map(({ part, row }) => [part, row])).toEqual([
      ['train', 8],
      ['train', 59_999],
      ['test', 3],
    ]);
    expect(new NotesFiles(places()).get('mnist')).toEqual(all);
  });

  it('take the place of the one before, and go when null is given', async () => {
    const notes = new NotesFiles(places());
    await notes.set('spirals', { part: 'train', row: 1 }, wrong);
    const replaced = await notes.set('spirals', { part: 'train', row: 1 }, { kind: 'other', text: 'b' });
    expect(replaced.notes).toEqual([{ part: 'train', row: 1, kind: 'other', text: 'b' }]);
    expect((await notes.set('spirals', { part: 'train', row: 1 }, null)).notes).toEqual([]);
    expect((await notes.set('spirals', { part: 'train', row: 1 }, null)).notes).toEqual([]);
  });

  it('given at the same time are all kept', async () => {
    const notes = new NotesFiles(places());
    const rows = Array.from({ length: 20 }, (_, row) => row);
    await Promise.all(rows.map((row) => notes.set('mnist', { part: 'train', row }, wrong)));
    expect(notes.get('mnist').notes.map(({ row }) => row)).toEqual(rows);
    expect(readdirSync(places().noteDirectory)).toEqual(['mnist.json']);
  });

  it('about a stored dataset lie with it, and go when it is removed', async () => {
    await storeStandIns(places().datasetDirectory);
    const notes = new NotesFiles(places());
    await notes.set('usps', { part: 'test', row: 59 }, wrong);
    await notes.set('coloured-usps', { part: 'train', row: 0 }, wrong);
    await notes.set('ames-house-prices', { part: 'train', row: 100 }, wrong);
    expect(existsSync(places().noteDirectory)).toBe(false);
    expect(notes.get('coloured-usps').notes).toHaveLength(1);
    expect(notes.get('usps').notes).toHaveLength(1);
    await removeDataset(places().datasetDirectory, 'usps');
    expect(notes.get('usps').notes).toEqual([]);
    expect(notes.get('coloured-usps').notes).toEqual([]);
    await expect(notes.set('usps', { part: 'test', row: 1 }, wrong)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('about examples that are not there are refused', async () => {
    await storeStandIns(places().datasetDirectory);
    const notes = new NotesFiles(places());
    const refused = { code: 'invalid-input' };
    await expect(notes.set('mnist', { part: 'test', row: 10_000 }, wrong)).rejects.toMatchObject(refused);
    await expect(notes.set('usps', { part: 'test', row: 60 }, wrong)).rejects.toMatchObject(refused);
    expect(() => notes.get('nothing-of-this-name')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('that cannot be understood are neither shown nor overwritten', async () => {
    mkdirSync(places().noteDirectory, { recursive: true });
    const path = join(places().noteDirectory, 'mnist.json');
    writeFileSync(path, '{"version":1,"notes":[{"row":-1}]}');
    const notes = new NotesFiles(places());
    const damaged = { code: 'data-damaged' };
    expect(() => notes.get('mnist')).toThrow(expect.objectContaining(damaged));
    await expect(notes.set('mnist', { part: 'train', row: 1 }, wrong)).rejects.toMatchObject(damaged);
    expect(readFileSync(path, 'utf8')).toContain('-1');
  });
});
