import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InstallProgress } from '../../../shared/schema/engine.ts';
import { checkLibrary, checkLoadedVersion } from './check.ts';
import { importLibraryPack, installLibrary } from './install.ts';
import { libraryDirectory, MANIFEST } from './layout.ts';
import { downloadArguments } from './pip.ts';
import { pinnedWheel, type PinnedWheel } from './pinned.ts';
import { libraryStatus } from './status.ts';

const VERSION = '2.21.0';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A zip with one deflated member per file, written by hand so that no zip library vouches for another. */
function makeZip(files: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(8, 8);
    header.writeUInt32LE(crc32(content), 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(content.length, 22);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    header.copy(entry, 10, 8, 28);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    parts.push(header, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += header.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  const directoryBytes = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directoryBytes, end]);
}

const LIBRARY = Buffer.from('framework '.repeat(5_000));
const MAIN = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 7)) % 251));

function fakeWheel(archive: Buffer): PinnedWheel {
  return {
    package: 'epoch-studio-fake',
    version: VERSION,
    pipPlatform: 'any',
    pythonVersion: '311',
    sizeBytes: archive.length,
    sha256: sha256(archive),
    members: [
      { path: 'tensorflow/libframework.so', sizeBytes: LIBRARY.length, sha256: sha256(LIBRARY) },
      { path: 'tensorflow/libmain.so', sizeBytes: MAIN.length, sha256: sha256(MAIN) },
    ],
  };
}

const ARCHIVE = makeZip({
  'tensorflow/libframework.so': LIBRARY,
  'tensorflow/other.txt': Buffer.from('not wanted'),
  'tensorflow/libmain.so': MAIN,
});
const WHEEL = fakeWheel(ARCHIVE);

let home: string;
let cacheDirectory: string;
let pack: string;
let phases: InstallProgress['phase'][];

const options = (signal?: AbortSignal) => ({
  cacheDirectory,
  wheel: WHEEL,
  signal,
  onProgress: (progress: InstallProgress) => phases.push(progress.phase),
});

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'epoch-library-'));
  cacheDirectory = path.join(home, 'cache');
  pack = path.join(home, 'pack.whl');
  phases = [];
  await writeFile(pack, ARCHIVE);
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

describe('a library pack', () => {
  it('is unpacked into a folder with just the libraries and a manifest', async () => {
    const directory = await importLibraryPack(pack, options());
    expect((await readdir(directory)).sort()).toEqual(['libframework.so', 'libmain.so', MANIFEST]);
    expect(await readFile(path.join(directory, 'libmain.so'))).toEqual(MAIN);
    expect(await checkLibrary(directory, VERSION)).toEqual({
      directory,
      version: VERSION,
      sizeBytes: LIBRARY.length + MAIN.length,
    });
    expect(phases.at(-1)).toBe('done');
  });

  it('replaces a damaged library of before', async () => {
    const directory = await importLibraryPack(pack, options());
    await truncate(path.join(directory, 'libmain.so'), 10);
    await importLibraryPack(pack, options());
    expect(await checkLibrary(directory, VERSION)).not.toBeNull();
  });

  it('is refused when it is cut off, and nothing is left behind', async () => {
    await truncate(pack, ARCHIVE.length - 200);
    await expect(importLibraryPack(pack, options())).rejects.toMatchObject({ code: 'library-damaged' });
    expect(await readdir(cacheDirectory)).toEqual([]);
    expect(phases.at(-1)).toBe('failed');
  });

  it('is refused when a library in it is not the pinned one, with both checksums named', async () => {
    const other = Buffer.from('some other library');
    await writeFile(pack, makeZip({ 'libframework.so': other, 'libmain.so': MAIN }));
    const refused = importLibraryPack(pack, options());
    await expect(refused).rejects.toMatchObject({ code: 'library-damaged' });
    await expect(refused).rejects.toThrow(sha256(other));
    await expect(refused).rejects.toThrow(sha256(LIBRARY));
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  it('is refused when a library is missing in it', async () => {
    await writeFile(pack, makeZip({ 'libframework.so': LIBRARY }));
    await expect(importLibraryPack(pack, options())).rejects.toThrow(/holds no libmain\.so/);
  });

  it('is refused when its compressed data are broken', async () => {
    const broken = Buffer.from(ARCHIVE);
    broken.fill(0xff, 40, 90);
    await writeFile(pack, broken);
    await expect(importLibraryPack(pack, options())).rejects.toMatchObject({ code: 'library-damaged' });
  });

  it('is refused when there is no such file', async () => {
    await expect(importLibraryPack(path.join(home, 'none.whl'), options())).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  it('can be cancelled: the library of before stays and no half of the new one', async () => {
    const directory = await importLibraryPack(pack, options());
    const cancel = new AbortController();
    cancel.abort();
    const cancelled = importLibraryPack(pack, options(cancel.signal));
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(cacheDirectory)).toEqual([path.basename(directory)]);
    expect(await checkLibrary(directory, VERSION)).not.toBeNull();
    expect(phases.at(-1)).toBe('cancelled');
  });
});

/** Puts a stand-in for pip first on the path: a script that does as told. */
async function withPip(script: string, body: () => Promise<void>): Promise<void> {
  const bin = path.join(home, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'python3'), `#!/bin/sh\n[ "$3" = --version ] && exit 0\n${script}\n`, {
    mode: 0o755,
  });
  const before = process.env.PATH;
  process.env.PATH = `${bin}${path.delimiter}${before}`;
  try {
    await body();
  } finally {
    process.env.PATH = before;
  }
}

const COPY_WHEEL = 'for a in "$@"; do case "$a" in --dest=*) dest="${a#--dest=}";; esac; done';

describe('an install by pip', () => {
  it('fetches, checks and unpacks, in this order', async () => {
    await withPip(`${COPY_WHEEL}; cp "${pack}" "$dest/fake.whl"`, async () => {
      const directory = await installLibrary(options());
      expect(await checkLibrary(directory, VERSION)).not.toBeNull();
      expect([...new Set(phases)]).toEqual(['download', 'check', 'unpack', 'done']);
      expect(await readdir(cacheDirectory)).toEqual([path.basename(directory)]);
    });
  });

  it('refuses a wheel with another checksum, whatever pip says', async () => {
    await withPip(`${COPY_WHEEL}; echo tampered > "$dest/fake.whl"`, async () => {
      const refused = installLibrary(options());
      await expect(refused).rejects.toMatchObject({ code: 'library-damaged' });
      await expect(refused).rejects.toThrow(WHEEL.sha256);
      expect(await readdir(cacheDirectory)).toEqual([]);
    });
  });

  it('reports a checksum that pip refuses', async () => {
    const got = 'ab'.repeat(32);
    const message = `THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. Got        ${got}`;
    await withPip(`echo "${message}" >&2; exit 1`, async () => {
      const refused = installLibrary(options());
      await expect(refused).rejects.toMatchObject({ code: 'library-damaged' });
      await expect(refused).rejects.toThrow(got);
    });
  });

  it("passes pip's last word on when it finds no wheel", async () => {
    await withPip('echo "ERROR: No matching distribution found" >&2; exit 1', async () => {
      await expect(installLibrary(options())).rejects.toThrow(/No matching distribution found/);
    });
  });

  it('can be cancelled while pip works, and leaves nothing', async () => {
    await withPip('exec sleep 30', async () => {
      const cancel = new AbortController();
      const running = installLibrary(options(cancel.signal));
      setTimeout(() => cancel.abort(), 200);
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      expect(await readdir(cacheDirectory)).toEqual([]);
    });
  });

  it('asks pip for one pinned file by hash and installs nothing else', () => {
    const args = downloadArguments(WHEEL, '/tmp/requirements.txt', '/tmp/downloads');
    expect(args).toEqual(
      expect.arrayContaining(['download', '--no-deps', '--only-binary=:all:', '--require-hashes']),
    );
    expect(args.join(' ')).not.toMatch(/https?:/);
  });
});

describe('the check at load', () => {
  it('finds nothing where nothing is installed', async () => {
    expect(await checkLibrary(libraryDirectory(cacheDirectory), VERSION)).toBeNull();
    expect((await libraryStatus(cacheDirectory)).library.state).toMatch(/missing|unsupported/);
  });

  it('names the sizes found and expected of a truncated library', async () => {
    const directory = await importLibraryPack(pack, options());
    await truncate(path.join(directory, 'libmain.so'), 1_234);
    await expect(checkLibrary(directory, VERSION)).rejects.toThrow(/1234 bytes, expected 300000 bytes/);
    expect((await libraryStatus(cacheDirectory)).library.state).toBe('damaged');
  });

  it('refuses a manifest that is not one', async () => {
    const directory = await importLibraryPack(pack, options());
    await writeFile(path.join(directory, MANIFEST), '{"format":1');
    await expect(checkLibrary(directory, VERSION)).rejects.toMatchObject({ code: 'library-damaged' });
  });

  it('refuses a library that tells another version', () => {
    expect(() => checkLoadedVersion('/cache', '2.20.0', VERSION)).toThrow(/found TensorFlow 2\.20\.0/);
    expect(() => checkLoadedVersion('/cache', VERSION, VERSION)).not.toThrow();
  });
});

describe('the pinned table', () => {
  it.each(['linux-x64', 'linux-arm64', 'darwin-arm64'])('has a whole entry for %s', (platform) => {
    const wheel = pinnedWheel(platform)!;
    expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(wheel.members).toHaveLength(2);
    for (const member of wheel.members) expect(member.sizeBytes).toBeGreaterThan(1e7);
  });

  it('has none for Windows', () => {
    expect(pinnedWheel('win32-x64')).toBeNull();
  });
});
