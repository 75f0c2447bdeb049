import { resolve } from 'node:path';
import { choiceOption, runIdArgument } from '../arguments.ts';
import { exitCodes, type CommandInput, type Terminal } from '../command.ts';
import { formatBytes } from '../format.ts';
import { withStudio } from '../with-studio.ts';

/** `export runs ID... --out FILE [--checkpoints all]`: runs with their files as one archive. */
export async function exportRuns(
  input: CommandInput,
  terminal: Terminal,
  subjects: readonly string[],
): Promise<number> {
  const runIds = subjects.map((subject) => runIdArgument(subject));
  const checkpoints = choiceOption(input, 'checkpoints', ['all', 'best-and-last']) ?? 'best-and-last';
  const path = resolve(typeof input.values.out === 'string' ? input.values.out : 'runs.zip');
  const { sizeBytes } = await withStudio(input, terminal, ({ client }) =>
    client.invoke('runs.exportArchive', { runIds, checkpoints, path }),
  );
  if (input.json) terminal.print(JSON.stringify({ runIds, path, sizeBytes }, null, 2));
  else terminal.print(`${path}  ${formatBytes(sizeBytes)}`);
  return exitCodes.success;
}
