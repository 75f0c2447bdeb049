import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactFiles } from './artifacts.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'artifacts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = new Uint8Array(1000).map((_, i) => i * 7);

describe('ArtifactFiles', () => {
  it('gives back what it wrote, checked', async () => {
    const files = new ArtifactFiles(folder);
    const artifact = await files.write('checkpoint', 'runs/a/epoch-1', bytes);
    expect(artifact).toMatchObject({ kind: 'checkpoint', path: 'runs/a/epoch-1', sizeBytes: 1000 });
    expect(new Uint8Array(await files.read(artifact))).toEqual(bytes);
    expect(await files.sizeBytes()).toBe(1000);
  });

  it('says what is wrong with a changed, cut or missing file', async () => {
    const files = new ArtifactFiles(folder);
    const artifact = await files.write('checkpoint', 'a', bytes);
    const flipped = bytes.slice();
    flipped[500] = 1 ^ flipped[500]!;
    writeFileSync(join(folder, 'a'), flipped);
    await expect(files.read(artifact)).rejects.toMatchObject({ code: 'data-damaged' });
    writeFileSync(join(folder, 'a'), bytes.subarray(1));
    await expect(files.read(artifact)).rejects.toThrow('found 999 bytes, expected 1000');
    await files.remove([artifact]);
    await expect(files.read(artifact)).rejects.toMatchObject({ code: 'data-damaged' });
  });

  it('removes files and whole runs and counts the bytes, twice without a fault', async () => {
    const files = new ArtifactFiles(folder);
    const first = await files.write('checkpoint', 'runs/a/1', bytes);
    await files.write('checkpoint', 'runs/a/2', bytes);
    expect(await files.remove([first])).toBe(1000);
    expect(await files.remove([first])).toBe(0);
    expect(await files.removeRun('a')).toBe(1000);
    expect(await files.removeRun('a')).toBe(0);
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });

  it.each(['../outside', '/etc/passwd/../../..', 'runs/../../outside', ''])(
    'refuses the path %j out of its folder',
    async (path) => {
      const files = new ArtifactFiles(join(folder, 'inside'));
      await expect(files.write('checkpoint', path, bytes)).rejects.toMatchObject({ code: 'invalid-input' });
    },
  );
});

describe.skipIf(!canMount())('on a full disk', () => {
  const mount = mkdtempSync(join(tmpdir(), 'small-disk-'));
  beforeEach(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount]));
  afterEach(() => execFileSync('umount', [mount]));

  it('says so, keeps the old file and leaves nothing half-written', async () => {
    const files = new ArtifactFiles(mount);
    const artifact = await files.write('checkpoint', 'last', bytes);
    await expect(files.write('checkpoint', 'last', new Uint8Array(200_000))).rejects.toMatchObject({
      code: 'disk-full',
    });
    expect(readdirSync(mount)).toEqual(['last']);
    expect(new Uint8Array(await files.read(artifact))).toEqual(bytes);
    expect(readFileSync(join(mount, 'last'))).toHaveLength(1000);
  });
});

/** Mounting a small disk needs root on Linux. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'mount-probe-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
