import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StudioClient } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import {
  figureFormat,
  printOptions,
  tableFormat,
  type ExportedFile,
  type PrintOptions,
} from '../../../shared/schema/figure.ts';
import { choiceOption, integerOption, textOption } from '../arguments.ts';
import { exitCodes, printResult, type CommandInput, type Terminal } from '../command.ts';
import { withStudio } from '../with-studio.ts';
import { experimentsNamed } from './experiments-named.ts';

type ReportFigures = Awaited<ReturnType<typeof askFigures>>;

/** `export figures --experiment C2`: every figure and table of its report, as files of each format. */
export async function exportFigures(input: CommandInput, terminal: Terminal): Promise<number> {
  const formats = listOption(input, 'format', figureFormat.options) ?? figureFormat.options;
  const options = printOptionsOf(input);
  return exportOf(input, terminal, async (client, report, write) => {
    for (const { name, figure } of report.figures) {
      for (const format of formats)
        write(await client.invoke('figures.render', { figure, name, format, options }));
      terminal.progress?.show(name);
    }
    await writeTables(client, report, tableFormat.options, write);
  });
}

/** `export table --experiment C2`: its tables alone. */
export async function exportTables(input: CommandInput, terminal: Terminal): Promise<number> {
  const formats = listOption(input, 'format', tableFormat.options) ?? tableFormat.options;
  return exportOf(input, terminal, (client, report, write) => writeTables(client, report, formats, write));
}

async function writeTables(
  client: StudioClient,
  { tables }: ReportFigures,
  formats: readonly (typeof tableFormat.options)[number][],
  write: (file: ExportedFile) => void,
): Promise<void> {
  for (const { name, table } of tables)
    for (const format of formats) write(await client.invoke('tables.render', { table, name, format }));
}

type Work = (
  client: StudioClient,
  report: ReportFigures,
  write: (file: ExportedFile) => void,
) => Promise<void>;

/** Writes what `work` makes of each experiment that is meant into the folder, and says what that was. */
async function exportOf(input: CommandInput, terminal: Terminal, work: Work): Promise<number> {
  const wanted = textOption(input, 'experiment');
  if (wanted === null) {
    throw new StudioError(
      'invalid-input',
      'export: found no --experiment, expected an id as "experiments list" shows them, e.g. --experiment C2',
    );
  }
  const folder = resolve(textOption(input, 'out') ?? '.');
  const written: string[] = [];
  const missing: ReportFigures['missing'] = [];
  await withStudio(input, terminal, async ({ client }) => {
    for (const report of await askAll(client, terminal, wanted)) {
      mkdirSync(folder, { recursive: true });
      missing.push(...report.missing);
      await work(client, report, ({ name, bytes }) => {
        writeFileSync(join(folder, name), bytes);
        written.push(name);
      });
    }
  });
  terminal.progress?.clear();
  return tellEnd(input, terminal, { folder, written, missing });
}

/** The figures of each experiment meant. Those that have not run are told of where others have. */
async function askAll(client: StudioClient, terminal: Terminal, wanted: string): Promise<ReportFigures[]> {
  const ids = experimentsNamed(wanted, await client.invoke('gallery.list', {}));
  const reports: ReportFigures[] = [];
  const refusals: StudioError[] = [];
  for (const id of ids) {
    terminal.progress?.show(`${id} ...`);
    try {
      reports.push(await askFigures(client, id));
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'not-found') throw error;
      refusals.push(error);
    }
  }
  const [refusal] = refusals;
  if (reports.length === 0 && refusal !== undefined) throw refusal;
  for (const { message } of refusals) terminal.tell(message);
  return reports;
}

function askFigures(client: StudioClient, id: string) {
  return client.invoke('experiments.figures', { id });
}

function tellEnd(
  input: CommandInput,
  terminal: Terminal,
  end: { folder: string; written: readonly string[]; missing: ReportFigures['missing'] },
): number {
  for (const { name, reason } of end.missing) terminal.tell(`left out ${name}: ${reason}`);
  printResult(input, terminal, { document: end, lines: [`${end.folder}: ${end.written.length} files`] });
  return exitCodes.success;
}

function printOptionsOf(input: CommandInput): PrintOptions {
  const width = choiceOption(input, 'width', ['84', '174']);
  return printOptions.parse({
    ...(width === null ? {} : { widthMm: Number(width) }),
    dpi: integerOption(input, 'dpi', { min: 36, max: 1_200 }) ?? undefined,
    caption: input.values.caption === true,
    heading: input.values['no-heading'] !== true,
  });
}

/** Words with commas between, each one of a few. */
function listOption<const C extends string>(
  input: CommandInput,
  name: string,
  choices: readonly C[],
): readonly C[] | null {
  const text = textOption(input, name);
  if (text === null) return null;
  return text.split(',').map((word) => {
    const choice = choices.find((candidate) => candidate === word.trim());
    if (choice !== undefined) return choice;
    throw new StudioError(
      'invalid-input',
      `--${name}: found "${word}", expected some of ${choices.join(', ')} with commas between`,
    );
  });
}
