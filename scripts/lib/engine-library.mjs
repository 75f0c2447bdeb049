import { run } from './command.mjs';
import { CLI_PROGRAM } from './paths.mjs';
import { projectNode } from './project-node.mjs';
import { say } from './say.mjs';

/**
 * Installs TensorFlow's library into the user cache through the studio's own command line, which says what it
 * does on stderr and is done at once when the library is there. The studio must be built.
 * @returns {Promise<boolean>} false if it could not be had; the fallback engine then runs
 */
export async function ensureEngineLibrary() {
  const result = await run(projectNode(), [CLI_PROGRAM, 'engine', 'install', '--quiet'], {
    output: 'stderr',
  });
  if (result.code === 0) return true;
  say(
    'TensorFlow could not be installed: the fallback engine runs, slower. Settings in the studio tell more.',
  );
  return false;
}
