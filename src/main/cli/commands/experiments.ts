import type { ExperimentCheck, GalleryEntry } from '../../../shared/ipc/contract.ts';
import { engineChoice } from '../../../shared/schema/engine.ts';
import type { RunSummary } from '../../../shared/schema/run.ts';
import { actionCommand } from '../actions.ts';
import { exitCodes, printResult, type CommandInput, type Terminal } from '../command.ts';
import { ExperimentFileError, readJsonFile } from '../experiment-file.ts';
import { writeReport } from '../experiment-report.ts';
import { runAll, showResults } from '../experiment-runs.ts';
import { formatCount, formatNumber, formatShare, formatTable } from '../format.ts';
import { withStudio } from '../with-studio.ts';

/** `experiments ACTION`: the gallery, its runs over seeds and variants, and the table of the reports. */
export const experimentsCommand = actionCommand({
  name: 'experiments',
  summary: 'list the gallery, check a file, run all seeds and variants, or write the result table',
  options: {
    variants: { type: 'string', value: 'A,B', help: 'only these variants (default: all)', actions: ['run'] },
    repeats: {
      type: 'string',
      value: 'N',
      help: 'so many seeds (default: what the experiment says)',
      actions: ['run'],
    },
    seed: { type: 'string', value: 'N', help: 'the first seed (default: 1)', actions: ['run'] },
    engine: {
      type: 'string',
      value: 'NAME',
      help: `${engineChoice.options.join(', ')} (default: auto)`,
      actions: ['run'],
    },
    again: { type: 'boolean', help: 'also what has finished before', actions: ['run'] },
    out: {
      type: 'string',
      value: 'FILE',
      help: 'where the table goes (default: docs/experiments.md)',
      actions: ['report'],
    },
    kept: {
      type: 'string',
      value: 'DIR',
      help: 'where outcomes are kept (default: docs/results)',
      actions: ['report'],
    },
  },
  actions: {
    list: { usage: '', run: list },
    check: { usage: 'FILE', run: (input, terminal, [file]) => check(input, terminal, file!) },
    run: { usage: 'ID', run: (input, terminal, [id]) => runAll(input, terminal, id!) },
    results: { usage: 'ID', run: (input, terminal, [id]) => showResults(input, terminal, id!) },
    report: { usage: '', run: writeReport },
  },
});

async function list(input: CommandInput, terminal: Terminal): Promise<number> {
  const gallery = await withStudio(input, terminal, ({ client }) => client.invoke('gallery.list', {}));
  printResult(input, terminal, { document: gallery.map(toListEntry), lines: describeGallery(gallery) });
  return exitCodes.success;
}

function describeGallery(gallery: readonly GalleryEntry[]): string[] {
  const rows = gallery.map(({ id, experiment, dataset, model, bestRun }) => [
    id,
    experiment.reference?.ids.join(' ') ?? '',
    dataset.name,
    dataset.available ? 'yes' : 'no',
    formatCount(model.parameterCount),
    headlineOf(bestRun),
  ]);
  const headings = ['id', 'report', 'dataset', 'here', 'parameters', 'best on test'];
  return formatTable(headings, rows);
}

/** What a program wants to know of an experiment: the data it needs, whether it can run now, and how it last went. */
function toListEntry({ id, experiment, dataset, model, lastRun, bestRun }: GalleryEntry) {
  return {
    id,
    name: experiment.name,
    group: experiment.group,
    reportIds: experiment.reference?.ids ?? [],
    variants: experiment.variants.map((variant) => variant.id),
    repeats: experiment.repeats,
    dataset: { id: dataset.id, name: dataset.name, origin: dataset.origin },
    canRun: dataset.available,
    parameterCount: model.parameterCount,
    lastRun: lastRun === null ? null : summaryOf(lastRun),
    bestRun: bestRun === null ? null : summaryOf(bestRun),
  };
}

function summaryOf({ id, variant, seed, state, headline, createdAt, durationMs }: RunSummary) {
  return { runId: id, variant, seed, state, ...headline, createdAt, durationMs };
}

function headlineOf(run: RunSummary | null): string {
  const { testAccuracy = null, testError = null } = run?.headline ?? {};
  return testAccuracy === null && testError !== null ? formatNumber(testError) : formatShare(testAccuracy);
}

async function check(input: CommandInput, terminal: Terminal, file: string): Promise<number> {
  const experiment = readJsonFile(file);
  const result = await withStudio(input, terminal, ({ client }) =>
    client.invoke('experiments.check', { experiment }),
  );
  const isValid = result.issues.length === 0;
  if (!isValid && !input.json) throw new ExperimentFileError(file, result.issues);
  printResult(input, terminal, { document: result, lines: describeCheck(file, result) });
  return isValid ? exitCodes.success : exitCodes.badInput;
}

function describeCheck(file: string, { model, stepsPerEpoch }: ExperimentCheck): string[] {
  const lines = [
    `${file}: valid${stepsPerEpoch === null ? '' : `, ${formatCount(stepsPerEpoch)} steps an epoch`}`,
  ];
  if (!model) return lines;
  const rows = model.layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.outputShape.join('x'),
    formatCount(layer.parameterCount),
    layer.receptiveField?.join('x') ?? '-',
  ]);
  const headings = ['layer', 'kind', 'output', 'parameters', 'receptive field'];
  return [...lines, ...formatTable(headings, rows), `${formatCount(model.parameterCount)} parameters in all`];
}
