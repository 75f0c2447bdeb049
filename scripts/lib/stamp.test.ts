import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RESULTS, ROOT } from './paths.mjs';
import { hashFiles } from './stamp.mjs';

describe('hashFiles', () => {
  let folder = '';
  beforeEach(() => {
    mkdirSync(RESULTS, { recursive: true });
    folder = mkdtempSync(join(RESULTS, 'stamp-'));
    writeFileSync(join(folder, 'a.ts'), 'one');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const hash = () => hashFiles([relative(ROOT, folder)], (path) => !path.endsWith('.test.ts'));

  it('stays the same while nothing changes', async () => {
    expect(await hash()).toBe(await hash());
  });

  it('changes with a content, a name and a new file', async () => {
    const seen = [await hash()];
    writeFileSync(join(folder, 'a.ts'), 'two');
    seen.push(await hash());
    rmSync(join(folder, 'a.ts'));
    writeFileSync(join(folder, 'b.ts'), 'two');
    seen.push(await hash());
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep', 'c.ts'), '');
    seen.push(await hash());
    expect(new Set(seen).size).toBe(4);
  });

  it('does not see what is not kept', async () => {
    const before = await hash();
    writeFileSync(join(folder, 'a.test.ts'), 'a test');
    expect(await hash()).toBe(before);
  });
});
