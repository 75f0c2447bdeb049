import type { ExperimentCheck, GalleryEntry } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { engineChoice } from '../../../shared/schema/engine.ts';
import type { RunSummary } from '../../../shared/schema/run.ts';
import { exitCodes, type Command, type CommandInput, type Terminal } from '../command.ts';
import { ExperimentFileError, readJsonFile } from '../experiment-file.ts';
import { writeReport } from '../experiment-report.ts';
import { runAll, showResults } from '../experiment-runs.ts';
import { formatCount, formatNumber, formatShare, formatTable } from '../format.ts';
import { withStudio } from '../with-studio.ts';

/** `experiments ACTION`: the gallery, its runs over seeds and variants, and the table of the reports. */
export const experimentsCommand: Command = {
  name: 'experiments',
  usage: 'list | check FILE | run ID | results ID | report',
  summary: 'list the gallery, check a file, run all seeds and variants, or write the result table',
  options: {
    variants: { type: 'string', value: 'A,B', help: 'run: only these variants (default: all)' },
    repeats: { type: 'string', value: 'N', help: 'run: so many seeds (default: what the experiment says)' },
    seed: { type: 'string', value: 'N', help: 'run: the first seed (default: 1)' },
    engine: { type: 'string', value: 'E', help: `run: ${engineChoice.options.join(', ')} (default: auto)` },
    again: { type: 'boolean', help: 'run: also what has finished before' },
    out: {
      type: 'string',
      value: 'FILE',
      help: 'report: where the table goes (default: docs/experiments.md)',
    },
    kept: { type: 'string', value: 'DIR', help: 'report: where outcomes are kept (default: docs/results)' },
  },
  positionals: { min: 1, max: 2 },
  async run(input, terminal) {
    const [action, subject] = input.positionals;
    if (action === 'list' && subject === undefined) return list(input, terminal);
    if (action === 'report' && subject === undefined) return writeReport(input, terminal);
    if (action === 'check' && subject !== undefined) return check(input, terminal, subject);
    if (action === 'run' && subject !== undefined) return runAll(input, terminal, subject);
    if (action === 'results' && subject !== undefined) return showResults(input, terminal, subject);
    throw new StudioError(
      'invalid-input',
      `experiments: found "${input.positionals.join(' ')}", expected "list", "check FILE", "run ID", "results ID" or "report"`,
    );
  },
};

async function list(input: CommandInput, terminal: Terminal): Promise<number> {
  const gallery = await withStudio(input, terminal, ({ client }) => client.invoke('gallery.list', {}));
  if (input.json) {
    terminal.print(JSON.stringify(gallery.map(toListEntry), null, 2));
    return exitCodes.success;
  }
  const rows = gallery.map(({ id, experiment, dataset, model, bestRun }) => [
    id,
    experiment.reference?.ids.join(' ') ?? '',
    dataset.name,
    dataset.available ? 'yes' : 'no',
    formatCount(model.parameterCount),
    headlineOf(bestRun),
  ]);
  const headings = ['id', 'report', 'dataset', 'here', 'parameters', 'best on test'];
  for (const line of formatTable(headings, rows)) terminal.print(line);
  return exitCodes.success;
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
  if (input.json) {
    terminal.print(JSON.stringify(result, null, 2));
    return result.issues.length === 0 ? exitCodes.success : exitCodes.badInput;
  }
  if (result.issues.length > 0) throw new ExperimentFileError(file, result.issues);
  for (const line of describeCheck(file, result)) terminal.print(line);
  return exitCodes.success;
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
