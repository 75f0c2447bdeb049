/** `node scripts/kill-test.mjs --kills 40 [--experiment ID] [--epochs N] [--engine E] [--seed N]`. */
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { run } from './lib/command.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ROOT } from './lib/paths.mjs';
import { projectNode } from './lib/project-node.mjs';
import { reasonOf, say } from './lib/say.mjs';

try {
  await ensureDependencies();
  await ensureBuild();
  const program = join(ROOT, 'test', 'e2e', 'kill', 'main.ts');
  const result = await run(projectNode(), [program, ...process.argv.slice(2)], { output: 'inherit' });
  process.exitCode = result.code;
} catch (error) {
  say(reasonOf(error));
  process.exitCode = 1;
}
