import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.mjs';
import { CLI_PROGRAM, ROOT } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { formatDuration, lastLines, say } from './say.mjs';
import { hashFiles, readStamp, writeStamp } from './stamp.mjs';

const OUT = join(ROOT, 'out');
const STAMP = join(OUT, '.stamp');
/** On the same disk as `out/`, so that a build can be moved there at once. */
const WORK = join(ROOT, '.stamps');
const SOURCES = ['src', 'electron.vite.config.ts', 'svelte.config.js', 'tsconfig.json', 'package-lock.json'];

/**
 * Builds `out/` if a source changed since the last build. Dependencies must be installed.
 * Two callers at once each build
 * for themselves, and neither sees half a build.
 * @throws {Error} if the build fails; the last good build then stays
 */
export async function ensureBuild() {
  const wanted = await hashFiles(SOURCES, (path) => !path.endsWith('.test.ts'));
  if (existsSync(CLI_PROGRAM) && (await readStamp(STAMP)) === wanted) return;
  say('Building the studio ...');
  const startedMs = Date.now();
  await mkdir(WORK, { recursive: true });
  const fresh = await mkdtemp(join(WORK, 'build-'));
  try {
    await build(fresh);
    await writeStamp(join(fresh, '.stamp'), wanted);
    await replaceOut(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  say(`Built in ${formatDuration(Date.now() - startedMs)}.`);
}

/** @param {string} folder */
async function build(folder) {
  const bin = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const result = await run(projectNode(), [bin, 'build', '--logLevel', 'warn', '--outDir', folder]);
  if (result.code !== 0) {
    throw new Error(`The build failed:\n${lastLines(`${result.stdout}\n${result.stderr}`, 30)}`);
  }
}

/** @param {string} fresh a whole build; its name is free afterwards */
async function replaceOut(fresh) {
  const last = `${fresh}-last`;
  if (existsSync(OUT)) await rename(OUT, last);
  await rename(fresh, OUT);
  await rm(last, { recursive: true, force: true });
}
