import { resolve } from 'node:path';
import { exitCodes, printResult, type Command } from '../command.ts';
import { withStudio } from '../with-studio.ts';

/** `import FILE`: takes in the runs and studies of an archive that `export runs` or `export study` wrote. */
export const importCommand: Command = {
  name: 'import',
  usage: 'FILE',
  summary: "take in the runs and studies of another studio's archive",
  options: {},
  positionals: { min: 1, max: 1 },
  async run(input, terminal) {
    const path = resolve(input.positionals[0] ?? '');
    const { runIds, studyIds, skipped } = await withStudio(input, terminal, ({ client }) =>
      client.invoke('runs.importArchive', { path }),
    );
    const taken = [...studyIds, ...runIds];
    const lines = [`${taken.length} taken in${taken.length > 0 ? `: ${taken.join(', ')}` : ''}`];
    if (skipped.length > 0) lines.push(`${skipped.length} known already: ${skipped.join(', ')}`);
    printResult(input, terminal, { document: { runIds, studyIds, skipped }, lines });
    return exitCodes.success;
  },
};
