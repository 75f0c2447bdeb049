import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeOnce } from './made-once.mjs';

describe('makeOnce', () => {
  let parent = '';
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'made-once-'));
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  const write = (text: string) => async (folder: string) => {
    writeFileSync(join(folder, 'file'), text);
  };

  it('leaves an existing folder as it is', async () => {
    const folder = join(parent, 'made');
    await makeOnce(folder, write('first'));
    await makeOnce(folder, write('second'));
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('first');
  });

  it('leaves nothing behind when filling fails', async () => {
    const folder = join(parent, 'failed');
    const failing = makeOnce(folder, async (temporary) => {
      writeFileSync(join(temporary, 'half'), '');
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(readdirSync(parent)).toEqual([]);
  });

  it('shows the folder only when it is whole', async () => {
    const folder = join(parent, 'whole');
    let shownEarly = true;
    await makeOnce(folder, async () => {
      shownEarly = existsSync(folder);
    });
    expect(shownEarly).toBe(false);
    expect(existsSync(folder)).toBe(true);
  });

  it('keeps the first of two made at the same time', async () => {
    const folder = join(parent, 'raced');
    await makeOnce(folder, async (temporary) => {
      await makeOnce(folder, write('faster'));
      writeFileSync(join(temporary, 'file'), 'slower');
    });
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('faster');
    expect(readdirSync(parent)).toEqual(['raced']);
  });
});
