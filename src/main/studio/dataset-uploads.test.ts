import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uploadFolder } from '../data/index.ts';
import { DatasetUploads } from './dataset-uploads.ts';

let home = '';
let uploads: DatasetUploads;
const bytes = (text: string) => new TextEncoder().encode(text);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'epoch-uploads-'));
  uploads = new DatasetUploads(home, 10);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('uploads of dropped files', () => {
  it('join the pieces of a file in order', async () => {
    const { upload, path } = await uploads.add('table.csv', null, bytes('a,b'));
    await uploads.add('table.csv', upload, bytes('\n1,2'));
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2');
  });

  it('keep the folders of a dropped folder, and remove all of it once it is imported', async () => {
    const { upload, path } = await uploads.add('pets/cats/1.png', null, bytes('cat'));
    await uploads.add('pets/dogs/1.png', upload, bytes('dog'));
    const pets = dirname(dirname(path));
    expect(readFileSync(join(pets, 'dogs', '1.png'), 'utf8')).toBe('dog');
    await uploads.remove([pets]);
    expect(existsSync(join(uploadFolder(home), upload))).toBe(false);
  });

  it.each(['../../outside.csv', '..\\..\\outside.csv', '/etc/passwd'])(
    'stay in their own folder, whatever the name: %s',
    async (name) => {
      const { upload, path } = await uploads.add(name, null, bytes('x'));
      expect(path.startsWith(join(uploadFolder(home), upload))).toBe(true);
      expect(existsSync(path)).toBe(true);
    },
  );

  it('refuse to add to what was not begun', async () => {
    for (const upload of ['00000000-0000-0000-0000-000000000000', '../elsewhere'])
      await expect(uploads.add('a.csv', upload, bytes('x'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuse a file beyond the limit and keep nothing of it', async () => {
    const { upload } = await uploads.add('a.csv', null, bytes('12345'));
    await expect(uploads.add('a.csv', upload, bytes('678901'))).rejects.toThrow(/more than 10 bytes/);
    expect(existsSync(join(uploadFolder(home), upload))).toBe(false);
  });
});
