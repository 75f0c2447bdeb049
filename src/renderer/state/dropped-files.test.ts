import { describe, expect, it } from 'vitest';
import { bringsFiles, droppedFiles, pickedFiles } from './dropped-files.ts';

function fileEntry(name: string) {
  const file = (found: (file: File) => void) => found(new File(['x'], name));
  return { name, isFile: true, file };
}

/** A folder that gives its entries two at a time, as browsers do a hundred at a time. */
function folderEntry(name: string, children: readonly object[]) {
  const createReader = () => {
    let given = 0;
    const readEntries = (found: (batch: object[]) => void) => {
      found(children.slice(given, (given += 2)));
    };
    return { readEntries };
  };
  return { name, isFile: false, createReader };
}

function transfer(...entries: readonly object[]): DataTransfer {
  const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry, getAsFile: () => null }));
  return { items, types: ['Files'] } as unknown as DataTransfer;
}

describe('what is dropped', () => {
  it('is every file of a folder, however many batches it comes in, with the folders in its path', async () => {
    const cats = folderEntry(
      'cats',
      ['1', '2', '3', '4', '5'].map((name) => fileEntry(`${name}.png`)),
    );
    const found = await droppedFiles(transfer(folderEntry('pets', [cats, fileEntry('.DS_Store')])));
    expect(found.map(({ path }) => path)).toEqual([1, 2, 3, 4, 5].map((name) => `pets/cats/${name}.png`));
  });

  it('is the files themselves where there is no folder', async () => {
    const found = await droppedFiles(transfer(fileEntry('a.csv'), fileEntry('b.csv')));
    expect(found.map(({ path, file }) => [path, file.size])).toEqual([
      ['a.csv', 1],
      ['b.csv', 1],
    ]);
  });

  it('is taken as a file where it has no place on the disk', async () => {
    const item = { webkitGetAsEntry: () => null, getAsFile: () => new File(['abc'], 'made.csv') };
    const found = await droppedFiles({ items: [item] } as unknown as DataTransfer);
    expect(found.map(({ path, file }) => [path, file.size])).toEqual([['made.csv', 3]]);
  });

  it('is told from a drag of something else', () => {
    expect(bringsFiles(transfer())).toBe(true);
    expect(bringsFiles({ types: ['text/plain'] } as unknown as DataTransfer)).toBe(false);
    expect(bringsFiles(null)).toBe(false);
  });

  it('is picked with its folders, hidden files left out', () => {
    const files = [
      Object.assign(new File([], '1.png'), { webkitRelativePath: 'pets/cats/1.png' }),
      Object.assign(new File([], '.hidden'), { webkitRelativePath: 'pets/.hidden' }),
      Object.assign(new File([], 'a.csv'), { webkitRelativePath: '' }),
    ];
    expect(pickedFiles(files as unknown as FileList).map(({ path }) => path)).toEqual([
      'pets/cats/1.png',
      'a.csv',
    ]);
  });
});
