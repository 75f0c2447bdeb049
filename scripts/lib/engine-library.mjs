import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { CLI_PROGRAM, cacheDirectory } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { recallFailure, rememberFailure } from './remembered-failure.mjs';
import { formatDuration, say } from './say.mjs';
import { hashFiles, readStamp, writeStamp } from './stamp.mjs';

/** Where the studio pins the library's versions and hashes. */
const PINS = 'src/main/engine/library';

/**
 * Installs TensorFlow's library into the user cache through the studio's own command line, once; the trainer checks
 * it again each time it loads it. The studio must be built.
 * @param {{ again: boolean }} options try again although it failed lately
 * @returns {Promise<boolean>} false if it could not be had; the fallback engine then runs
 */
export async function ensureEngineLibrary({ again }) {
  const pins = await hashFiles([PINS], (path) => !path.endsWith('.test.ts'));
  const stamp = join(cacheDirectory(), 'engine-library.json');
  if (isInstalled(await readStamp(stamp), pins)) return true;
  const failure = `${stamp}.failed`;
  const remembered = again ? null : await recallFailure(failure);
  const directory = remembered === null ? await install() : null;
  if (directory !== null) {
    await writeStamp(stamp, JSON.stringify({ pins, directory }));
    return true;
  }
  if (remembered === null) await rememberFailure(failure, 'engine install failed');
  say("TensorFlow's library cannot be had: the fallback engine runs, more slowly. See Settings, Engine.");
  return false;
}

/**
 * @param {string | null} stamp
 * @param {string} pins
 */
function isInstalled(stamp, pins) {
  /** @type {unknown} */
  const stored = JSON.parse(stamp ?? 'null');
  const installed = /** @type {{ pins: string, directory: string } | null} */ (stored);
  return installed?.pins === pins && existsSync(installed.directory);
}

/** @returns {Promise<string | null>} the library's folder */
async function install() {
  say("Setting up TensorFlow's library (about 270 MB to fetch, once) ...");
  const startedMs = Date.now();
  // The installation needs a studio process but must not touch the user's history.
  const home = await mkdtemp(join(tmpdir(), 'epoch-studio-setup-'));
  try {
    const args = [CLI_PROGRAM, 'engine', 'install', '--json', '--data', home];
    const result = await run(projectNode(), args, { output: 'stdout-captured' });
    if (result.code !== 0) return tellFailure(result.stdout);
    say(`TensorFlow's library is ready after ${formatDuration(Date.now() - startedMs)}.`);
    /** @type {unknown} */
    const status = JSON.parse(result.stdout);
    return /** @type {{ library: { directory: string } }} */ (status).library.directory;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * @param {string} stdout the command line's error document, if it came that far
 * @returns {null}
 */
function tellFailure(stdout) {
  try {
    /** @type {unknown} */
    const printed = JSON.parse(stdout);
    say(/** @type {{ error: { message: string } }} */ (printed).error.message);
  } catch {
    // It ended before it could print one, and has said why on stderr.
  }
  return null;
}
