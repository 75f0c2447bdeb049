import { resolve } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import {
  columnType,
  datasetId,
  type ColumnType,
  type DatasetId,
  type DatasetInfo,
} from '../../../shared/schema/dataset.ts';
import type { DatasetList, DatasetProgress } from '../../../shared/schema/catalogue.ts';
import { actionCommand } from '../actions.ts';
import { exitCodes, printResult, type CommandInput, type StudioSession, type Terminal } from '../command.ts';
import { formatBytes, formatCount, formatTable } from '../format.ts';
import { describeTransfer } from '../progress-line.ts';
import { withStudio } from '../with-studio.ts';

/** `datasets [list|import|fetch|remove]`: the datasets on this machine, and the ways to more. */
export const datasetsCommand = actionCommand({
  name: 'datasets',
  summary: 'list, import, fetch or remove datasets',
  options: {
    name: {
      type: 'string',
      value: 'NAME',
      help: "the dataset's name (default: from the files)",
      actions: ['import'],
    },
    type: {
      type: 'string',
      value: 'C=TYPE,...',
      help: `types of a table's columns (${columnType.options.join(', ')})`,
      actions: ['import'],
    },
  },
  actions: {
    list: { usage: '', run: list },
    import: { usage: 'PATH...', run: importFiles },
    fetch: { usage: 'ID', run: (input, terminal, [id]) => fetch(input, terminal, id!) },
    remove: { usage: 'ID', run: (input, terminal, [id]) => remove(input, terminal, id!) },
  },
  first: 'list',
});

async function list(input: CommandInput, terminal: Terminal): Promise<number> {
  const found = await withStudio(input, terminal, ({ client }) => client.invoke('datasets.list', {}));
  const lines = [...describeDatasets(found.datasets), ...describeMissing(found)];
  printResult(input, terminal, { document: found, lines });
  return exitCodes.success;
}

function describeDatasets(datasets: readonly DatasetInfo[]): string[] {
  const headings = ['id', 'name', 'from', 'shape', 'train', 'test', 'targets', 'licence'];
  return formatTable(
    headings,
    datasets.map((dataset) => [
      dataset.id,
      dataset.name,
      dataset.origin,
      dataset.featureShape.join('x'),
      formatCount(dataset.trainExamples),
      dataset.testExamples === 0 ? '-' : formatCount(dataset.testExamples),
      dataset.targets.map(describeTarget).join(', '),
      dataset.licence,
    ]),
  );
}

function describeTarget({ name, kind, classes, unit }: DatasetInfo['targets'][number]): string {
  if (kind === 'class') return `${name} (${classes.length} classes)`;
  return unit === null ? name : `${name} (${unit})`;
}

function describeMissing({ catalogue }: DatasetList): string[] {
  const missing = catalogue.filter(({ info }) => info === null);
  if (missing.length === 0) return [];
  const rows = missing.map(({ id, name, files, importHint }) => {
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return [
      id,
      name,
      sizeBytes === 0 ? 'import only' : `datasets fetch ${id} (${formatBytes(sizeBytes)})`,
      importHint,
    ];
  });
  return ['', 'Not on this machine:', ...formatTable(['id', 'name', 'fetch', 'or import'], rows)];
}

/** "Column=category,Other=text" as types by column. */
function parseTypes(text: string | boolean | undefined): Record<string, ColumnType> {
  if (typeof text !== 'string') return {};
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [name, type] = [pair.slice(0, pair.lastIndexOf('=')), pair.slice(pair.lastIndexOf('=') + 1)];
      const parsed = columnType.safeParse(type);
      if (parsed.success && name !== '') return [name, parsed.data];
      throw new StudioError(
        'invalid-input',
        `--type: found "${pair}", expected COLUMN=TYPE with a type of ${columnType.options.join(', ')}`,
      );
    }),
  );
}

async function importFiles(
  input: CommandInput,
  terminal: Terminal,
  paths: readonly string[],
): Promise<number> {
  const { name } = input.values;
  const request = {
    paths: paths.map((path) => resolve(path)),
    columnTypes: parseTypes(input.values.type),
    ...(typeof name === 'string' ? { name } : {}),
  };
  const dataset = await withStudio(input, terminal, async ({ client }) => {
    const unsubscribe = client.subscribe('dataset.progress', ({ message }) =>
      terminal.progress?.show(message),
    );
    try {
      return await client.invoke('datasets.import', request);
    } finally {
      terminal.progress?.clear();
      unsubscribe();
    }
  });
  printDatasets([dataset], input, terminal);
  return exitCodes.success;
}

function printDatasets(datasets: readonly DatasetInfo[], input: CommandInput, terminal: Terminal): void {
  printResult(input, terminal, { document: datasets[0] ?? null, lines: describeDatasets(datasets) });
}

/** @throws StudioError `invalid-input` for a word no id looks like */
function idArgument(word: string): DatasetId {
  const parsed = datasetId.safeParse(word);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'invalid-input',
    `datasets: found "${word}", expected a dataset's id as "datasets" lists them`,
  );
}

async function fetch(input: CommandInput, terminal: Terminal, word: string): Promise<number> {
  const id = idArgument(word);
  const found = await withStudio(input, terminal, async (session) => {
    await fetchToEnd(session, terminal, id);
    return session.client.invoke('datasets.list', {});
  });
  printDatasets(
    found.datasets.filter((dataset) => dataset.id === id),
    input,
    terminal,
  );
  return exitCodes.success;
}

async function fetchToEnd({ client }: StudioSession, terminal: Terminal, id: DatasetId): Promise<void> {
  let settle: (progress: DatasetProgress) => void = () => undefined;
  const ended = new Promise<DatasetProgress>((resolve) => (settle = resolve));
  const unsubscribe = client.subscribe('dataset.progress', (progress) => {
    if (progress.dataset !== id) return;
    if (['done', 'failed', 'cancelled'].includes(progress.phase)) settle(progress);
    else terminal.progress?.show(describeTransfer(progress));
  });
  const stopListening = terminal.onInterrupt(() => void client.invoke('datasets.cancelFetch', { id }));
  try {
    await client.invoke('datasets.fetch', { id });
    const { phase, message } = await ended;
    if (phase === 'cancelled') throw new StudioError('cancelled', message);
    if (phase === 'failed') throw new StudioError('not-found', message);
  } finally {
    terminal.progress?.clear();
    stopListening();
    unsubscribe();
  }
}

async function remove(input: CommandInput, terminal: Terminal, word: string): Promise<number> {
  const id = idArgument(word);
  await withStudio(input, terminal, ({ client }) => client.invoke('datasets.remove', { id }));
  printResult(input, terminal, { document: { removed: id }, lines: [`removed: ${id}`] });
  return exitCodes.success;
}
