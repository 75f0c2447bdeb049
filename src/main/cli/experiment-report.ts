import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import { experimentOutcomes, type ExperimentOutcomes } from '../../shared/schema/report.ts';
import { textOption } from './arguments.ts';
import { exitCodes, printResult, type CommandInput, type Terminal } from './command.ts';
import { readJsonFile } from './experiment-file.ts';
import { withStudio } from './with-studio.ts';

/** Writes the result table of the reports' experiments, and keeps what is behind it beside the program. */
export async function writeReport(input: CommandInput, terminal: Terminal): Promise<number> {
  const folder = textOption(input, 'kept') ?? join('docs', 'results');
  const file = textOption(input, 'out') ?? join('docs', 'experiments.md');
  const kept = readKept(folder);
  const { markdown, outcomes } = await withStudio(input, terminal, ({ client }) =>
    client.invoke('experiments.report', { kept }),
  );
  mkdirSync(folder, { recursive: true });
  mkdirSync(dirname(file), { recursive: true });
  for (const outcome of outcomes) {
    writeFileSync(
      join(folder, `${outcome.id.replaceAll('/', '-')}.json`),
      `${JSON.stringify(outcome, null, 2)}\n`,
    );
  }
  writeFileSync(file, markdown);
  const runs = outcomes.flatMap(({ variants }) => variants.flatMap((variant) => variant.runs)).length;
  printResult(input, terminal, {
    document: { file, folder, experiments: outcomes.length, runs },
    lines: [`${file}: ${runs} runs of ${outcomes.length} experiments; outcomes in ${folder}`],
  });
  return exitCodes.success;
}

function readKept(folder: string): ExperimentOutcomes[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => {
    const parsed = experimentOutcomes.safeParse(readJsonFile(join(folder, name)));
    if (parsed.success) return parsed.data;
    throw new StudioError(
      'invalid-input',
      `${join(folder, name)}: is no file of kept outcomes (${parsed.error.issues[0]?.message ?? 'unknown fault'}); ` +
        'remove it or name another folder by --kept',
    );
  });
}
