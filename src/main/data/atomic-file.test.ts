import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  nodeFileCalls,
  removeHalfWritten,
  writeFileAtomically,
  type FileCalls,
  type WritableFile,
} from './atomic-file.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'atomic-file-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** The real file system, but each write takes at most `chunk` bytes and fails once `capacity` are used. */
function smallDisk(capacity: number, chunk: number, code = 'ENOSPC'): FileCalls {
  let used = 0;
  const shrink = (file: WritableFile): WritableFile => ({
    write: (bytes, offset, length) => {
      if (used >= capacity) return Promise.reject(systemError(code));
      const count = Math.min(length, chunk, capacity - used);
      used += count;
      return file.write(bytes, offset, count);
    },
    sync: () => file.sync(),
    close: () => file.close(),
  });
  return { ...nodeFileCalls, open: async (path, flags) => shrink(await nodeFileCalls.open(path, flags)) };
}

describe('writeFileAtomically', () => {
  it('writes the parts one after another, makes folders and reports digest and size', async () => {
    const path = join(folder, 'a', 'b', 'file.bin');
    const written = await writeFileAtomically(path, [new Uint8Array([1, 2]), new Uint8Array([3])]);
    const bytes = readFileSync(path);
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(written).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: 3 });
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file.bin']);
  });

  it('goes on after short writes', async () => {
    const bytes = new Uint8Array(1000).map((_, i) => i);
    await writeFileAtomically(join(folder, 'f'), bytes, smallDisk(Infinity, 7));
    expect(new Uint8Array(readFileSync(join(folder, 'f')))).toEqual(bytes);
  });

  it.each(['ENOSPC', 'EDQUOT', 'EIO'])('keeps the old content and leaves nothing on %s', async (code) => {
    const path = join(folder, 'file.bin');
    writeFileSync(path, 'old');
    const write = writeFileAtomically(path, new Uint8Array(100), smallDisk(60, 16, code));
    await expect(write).rejects.toMatchObject({ code: 'disk-full', details: { path, systemCode: code } });
    expect(readdirSync(folder)).toEqual(['file.bin']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('leaves nothing when the flush or the rename fails', async () => {
    const path = join(folder, 'file.bin');
    const failing: FileCalls = { ...nodeFileCalls, rename: () => Promise.reject(systemError('EIO')) };
    await expect(writeFileAtomically(path, new Uint8Array(3), failing)).rejects.toMatchObject({
      code: 'disk-full',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('passes other system errors on as they are', async () => {
    writeFileSync(join(folder, 'plain'), '');
    const write = writeFileAtomically(join(folder, 'plain', 'inside'), new Uint8Array(1));
    await expect(write).rejects.toMatchObject({ code: expect.stringMatching(/ENOTDIR|EEXIST/) });
  });
});

describe('removeHalfWritten', () => {
  it('removes what a killed writer left and nothing else', async () => {
    await writeFileAtomically(join(folder, 'kept.bin'), new Uint8Array([1]));
    for (const name of ['.late.bin.77-3.tmp', 'mine.tmp', '.hidden']) writeFileSync(join(folder, name), '');
    removeHalfWritten(folder);
    expect(readdirSync(folder).sort()).toEqual(['.hidden', 'kept.bin', 'mine.tmp']);
  });

  it('does nothing where there is no folder', () => {
    expect(() => removeHalfWritten(join(folder, 'none'))).not.toThrow();
  });
});
