import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { CLI_PROGRAM, ROOT } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { formatDuration, lastLines, say } from './say.mjs';
import { hashFiles, readStamp, writeStamp } from './stamp.mjs';

const STAMP = join(ROOT, 'out', '.stamp');
const SOURCES = ['src', 'electron.vite.config.ts', 'svelte.config.js', 'tsconfig.json', 'package-lock.json'];

/**
 * Builds `out/` if a source changed since the last build. Dependencies must be installed.
 * @throws {Error} if the build fails; the stamp then stays old, so the next call builds again
 */
export async function ensureBuild() {
  const wanted = await hashFiles(SOURCES, (path) => !path.endsWith('.test.ts'));
  if (existsSync(CLI_PROGRAM) && (await readStamp(STAMP)) === wanted) return;
  say('Building the studio ...');
  const startedMs = Date.now();
  const bin = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const result = await run(projectNode(), [bin, 'build', '--logLevel', 'warn']);
  if (result.code !== 0) {
    throw new Error(`The build failed:\n${lastLines(`${result.stdout}\n${result.stderr}`, 30)}`);
  }
  await writeStamp(STAMP, wanted);
  say(`Built in ${formatDuration(Date.now() - startedMs)}.`);
}
