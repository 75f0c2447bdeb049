import { runIdArgument } from '../arguments.ts';
import { exitCodes, printResult, type Command } from '../command.ts';
import { withStudio } from '../with-studio.ts';

/** `delete ID...`: hides runs; `restore` brings them back until they are purged. */
export const deleteCommand = changeCommand(
  'delete',
  'runs.delete',
  'delete runs; "restore" brings them back',
  'deleted',
);

/** `restore ID...`: the undo of `delete`. */
export const restoreCommand = changeCommand('restore', 'runs.restore', 'bring deleted runs back', 'restored');

function changeCommand(
  name: string,
  call: 'runs.delete' | 'runs.restore',
  summary: string,
  done: string,
): Command {
  return {
    name,
    usage: 'ID...',
    summary,
    options: {},
    positionals: { min: 1, max: 10_000 },
    async run(input, terminal) {
      const runIds = input.positionals.map(runIdArgument);
      await withStudio(input, terminal, ({ client }) => client.invoke(call, { runIds }));
      const lines = [`${done}: ${runIds.join(', ')}`];
      printResult(input, terminal, { document: { [done]: runIds }, lines });
      return exitCodes.success;
    },
  };
}
