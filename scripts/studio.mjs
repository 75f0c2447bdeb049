/** `npm run studio -- ARGS`: the command line of the studio. Nothing but its own output reaches stdout. */
import { run } from './lib/command.mjs';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { CLI_PROGRAM } from './lib/paths.mjs';
import { projectNode } from './lib/project-node.mjs';
import { reasonOf, say } from './lib/say.mjs';

try {
  await ensureDependencies();
  await ensureBuild();
  // The folder npm was called in is what relative paths on the command line are about.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const result = await run(projectNode(), [CLI_PROGRAM, ...process.argv.slice(2)], {
    cwd,
    output: 'inherit',
  });
  process.exitCode = result.code;
} catch (error) {
  say(reasonOf(error));
  process.exitCode = 1;
}
