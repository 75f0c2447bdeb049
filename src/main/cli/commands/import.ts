import { resolve } from 'node:path';
import { exitCodes, type Command } from '../command.ts';
import { withStudio } from '../with-studio.ts';

/** `import FILE`: takes in the runs of an archive that `export runs` wrote. */
export const importCommand: Command = {
  name: 'import',
  usage: 'FILE',
  summary: "take in the runs of another studio's archive",
  options: {},
  positionals: { min: 1, max: 1 },
  async run(input, terminal) {
    const path = resolve(input.positionals[0] ?? '');
    const { runIds, skipped } = await withStudio(input, terminal, ({ client }) =>
      client.invoke('runs.importArchive', { path }),
    );
    if (input.json) terminal.print(JSON.stringify({ runIds, skipped }, null, 2));
    else {
      terminal.print(`${runIds.length} taken in${runIds.length > 0 ? `: ${runIds.join(', ')}` : ''}`);
      if (skipped.length > 0) terminal.print(`${skipped.length} known already: ${skipped.join(', ')}`);
    }
    return exitCodes.success;
  },
};
