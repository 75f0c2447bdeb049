import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { recallFailure, rememberFailure } from './remembered-failure.mjs';
import { formatDuration, lastLines, reasonOf, say } from './say.mjs';
import { readStamp } from './stamp.mjs';

const PACKAGE = join(ROOT, 'node_modules', 'electron');
const FAILURE = join(PACKAGE, '.epoch-studio-unavailable');
/** No byte for so long means that a network swallows the request. */
const STALL_MS = 20_000;

/** @typedef {{ path: string } | { path: null, reason: string }} ElectronBinary */

/**
 * The Electron that opens the window, fetched on first use by electron's own installer with its own checksums.
 * A failure is remembered for a day, so that a start without Electron stays quick.
 * @returns {Promise<ElectronBinary>}
 */
export async function ensureElectron() {
  const present = await installedElectron();
  if (present !== null) return { path: present };
  const remembered = await recallFailure(FAILURE);
  if (remembered !== null) return { path: null, reason: remembered };
  say('Fetching Electron for the window (about 120 MB, once) ...');
  const startedMs = Date.now();
  const reason = await install();
  const installed = await installedElectron();
  if (installed !== null) {
    say(`Electron fetched in ${formatDuration(Date.now() - startedMs)}.`);
    return { path: installed };
  }
  await rememberFailure(FAILURE, reason);
  return { path: null, reason };
}

/** @returns {Promise<string | null>} */
async function installedElectron() {
  const name = await readStamp(join(PACKAGE, 'path.txt'));
  const path = name === null ? null : join(PACKAGE, 'dist', name);
  return path !== null && existsSync(path) ? path : null;
}

/** @returns {Promise<string>} why it failed; of no meaning if it did not */
async function install() {
  const downloads = mkdtempSync(join(tmpdir(), 'epoch-studio-electron-'));
  const stall = watchForStall([downloads, join(PACKAGE, 'dist')]);
  try {
    const result = await run(projectNode(), [join(PACKAGE, 'install.js')], {
      env: { TMPDIR: downloads, TEMP: downloads, NODE_USE_ENV_PROXY: '1' },
      signal: stall.signal,
    });
    if (stall.signal.aborted) return `its download brought no data for ${formatDuration(STALL_MS)}`;
    return `its download failed (${firstLine(result.stderr)})`;
  } catch (error) {
    return reasonOf(error);
  } finally {
    stall.stop();
    rmSync(downloads, { recursive: true, force: true });
  }
}

/** @param {string} stderr */
function firstLine(stderr) {
  return stderr.split('\n').find((line) => line.trim() !== '') ?? lastLines(stderr, 1);
}

/**
 * Aborts when none of the folders has changed its size for {@link STALL_MS}.
 * @param {readonly string[]} folders
 */
function watchForStall(folders) {
  const controller = new AbortController();
  let size = 0;
  let changedMs = Date.now();
  const timer = setInterval(() => {
    const now = folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
    if (now !== size) changedMs = Date.now();
    size = now;
    if (Date.now() - changedMs > STALL_MS) controller.abort();
  }, 500);
  const stop = () => {
    clearInterval(timer);
  };
  return { signal: controller.signal, stop };
}

/** @param {string} folder which may not exist */
function sizeOf(folder) {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sizes = names.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
