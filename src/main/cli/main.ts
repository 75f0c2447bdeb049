import { readAppVersion } from '../host/app-version.ts';
import { commands } from './commands/index.ts';
import { dispatch } from './dispatch.ts';
import { createTerminal } from './terminal.ts';

async function main(): Promise<void> {
  process.exitCode = await dispatch(commands, process.argv.slice(2), readAppVersion(), createTerminal());
}

void main();
