/** `npm run bench -- NAME [ARGS]`: runs bench/NAME.ts after the set-up; NAME is `training`, `window`, `parity`, `augmented`, `history`, `search`, `search-window`, `asha` or `limits`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { run } from './lib/command.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureEngineLibrary } from './lib/engine-library.mjs';
import { ROOT } from './lib/paths.mjs';
import { projectNode } from './lib/project-node.mjs';
import { reasonOf, say } from './lib/say.mjs';

/**
 * @param {string | undefined} name
 * @param {readonly string[]} args
 */
async function runBench(name, args) {
  const program = join(ROOT, 'bench', `${name ?? ''}.ts`);
  if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(program)) {
    throw new Error(
      `bench: found "${name ?? ''}", expected "training", "window", "parity", "augmented", "history", "search", "search-window", "asha" or "limits"`,
    );
  }
  await ensureDependencies();
  await ensureBuild();
  if (!(await ensureEngineLibrary({ again: true })))
    throw new Error('bench: TensorFlow is needed to compare with.');
  const result = await run(projectNode(), ['--disable-warning=ExperimentalWarning', program, ...args], {
    output: 'inherit',
  });
  process.exitCode = result.code;
}

try {
  const [name, ...args] = process.argv.slice(2);
  await runBench(name, args);
} catch (error) {
  say(reasonOf(error));
  process.exitCode = 1;
}
