import { StudioError } from '../../shared/ipc/errors.ts';
import { parseInput } from './arguments.ts';
import { exitCodes, printError, type Command, type Terminal } from './command.ts';
import { commandHelp, programHelp } from './help.ts';

/**
 * Finds and runs the command the words name.
 * @returns the exit code; expected errors are printed, unexpected ones thrown
 */
export async function dispatch(
  commands: readonly Command[],
  words: readonly string[],
  version: string,
  terminal: Terminal,
): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === 'help') {
    terminal.print(programHelp(commands, version));
    return name === undefined ? exitCodes.badInput : exitCodes.success;
  }
  if (name === '--version') {
    terminal.print(version);
    return exitCodes.success;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const names = commands.map((candidate) => candidate.name).join(', ');
    terminal.tell(`studio: found the command "${name}", expected one of ${names}; see --help`);
    return exitCodes.badInput;
  }
  return runCommand(command, rest, terminal);
}

async function runCommand(command: Command, words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const input = parseInput(command, words);
    if (input.values.help === true) {
      terminal.print(commandHelp(command));
      return exitCodes.success;
    }
    return await command.run(input, terminal);
  } catch (thrown) {
    if (!(thrown instanceof StudioError)) throw thrown;
    printError(thrown, words.includes('--json'), terminal);
    return exitCodeOfError(thrown);
  }
}

function exitCodeOfError({ code }: StudioError): number {
  if (code === 'cancelled') return exitCodes.interrupted;
  return code === 'invalid-input' || code === 'not-found' || code === 'shape-mismatch'
    ? exitCodes.badInput
    : exitCodes.failed;
}
