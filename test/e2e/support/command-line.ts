import { run, type CommandResult } from '../../../scripts/lib/command.mjs';
import { CLI_PROGRAM } from '../../../scripts/lib/paths.mjs';
import { projectNode } from '../../../scripts/lib/project-node.mjs';
import type { TemporaryHome } from './home.ts';

/** Runs one command of the built command line to its end, on a test's own data. */
export function runStudio(home: TemporaryHome, ...args: readonly string[]): Promise<CommandResult> {
  return run(projectNode(), [CLI_PROGRAM, ...args], { env: { ...home.environment } });
}
