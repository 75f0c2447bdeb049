import { resolve } from 'node:path';
import type { RunId } from '../../../shared/schema/run.ts';
import type { StudyId } from '../../../shared/schema/study.ts';
import { choiceOption, runIdArgument, studyIdArgument, textOption } from '../arguments.ts';
import { exitCodes, printResult, type CommandInput, type Terminal } from '../command.ts';
import { formatBytes } from '../format.ts';
import { withStudio } from '../with-studio.ts';

interface Subjects {
  readonly runIds: RunId[];
  readonly studyIds: StudyId[];
}

/** `export runs ID... --out FILE [--checkpoints all]`: runs with their files as one archive. */
export function exportRuns(
  input: CommandInput,
  terminal: Terminal,
  subjects: readonly string[],
): Promise<number> {
  return exportArchive(input, terminal, { runIds: subjects.map(runIdArgument), studyIds: [] }, 'runs.zip');
}

/** `export study ID... --out FILE`: studies with the runs that opened their test part as one archive. */
export function exportStudies(
  input: CommandInput,
  terminal: Terminal,
  subjects: readonly string[],
): Promise<number> {
  return exportArchive(input, terminal, { runIds: [], studyIds: subjects.map(studyIdArgument) }, 'study.zip');
}

async function exportArchive(
  input: CommandInput,
  terminal: Terminal,
  subjects: Subjects,
  usualName: string,
): Promise<number> {
  const checkpoints = choiceOption(input, 'checkpoints', ['all', 'best-and-last']) ?? 'best-and-last';
  const path = resolve(textOption(input, 'out') ?? usualName);
  const { sizeBytes } = await withStudio(input, terminal, ({ client }) =>
    client.invoke('runs.exportArchive', { ...subjects, checkpoints, path }),
  );
  printResult(input, terminal, {
    document: { ...subjects, path, sizeBytes },
    lines: [`${path}  ${formatBytes(sizeBytes)}`],
  });
  return exitCodes.success;
}
