import { join } from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './paths.mjs';
import { formatDuration, lastLines, say } from './say.mjs';
import { hashFiles, readStamp, writeStamp } from './stamp.mjs';

const STAMP = join(ROOT, 'node_modules', '.epoch-studio-stamp');

/**
 * Installs exactly what package-lock.json says, once per lockfile and platform. Install scripts stay off
 * (.npmrc): every native package here brings its binary with it.
 * @throws {Error} if npm fails
 */
export async function ensureDependencies() {
  const lock = await hashFiles(['package-lock.json']);
  const wanted = `${lock} ${process.platform}-${process.arch}`;
  if ((await readStamp(STAMP)) === wanted) return;
  say('Installing the dependencies (about 800 MB on disk, once) ...');
  const startedMs = Date.now();
  // The system's Node may be older than some tools ask for; the project brings a newer one for them.
  const result = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (result.code !== 0) {
    throw new Error(
      `npm ci failed (exit code ${String(result.code)}): ${lastLines(result.stderr, 8)}\n` +
        'Check the network and the disk, then start again.',
    );
  }
  await writeStamp(STAMP, wanted);
  say(`Dependencies installed in ${formatDuration(Date.now() - startedMs)}.`);
}

/**
 * Runs the npm that runs us, else the one on PATH.
 * @param {readonly string[]} args
 */
function npm(args) {
  const npmScript = process.env.npm_execpath;
  if (npmScript?.endsWith('.js') === true) return run(process.execPath, [npmScript, ...args]);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}
