import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../host/paths.ts';
import { commands } from './commands/index.ts';
import { dispatch } from './dispatch.ts';
import { createTerminal } from './terminal.ts';

function appVersion(): string {
  const text = readFileSync(join(projectRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function main(): Promise<void> {
  process.exitCode = await dispatch(commands, process.argv.slice(2), appVersion(), createTerminal());
}

void main();
