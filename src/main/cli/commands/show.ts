import type { RunDetail } from '../../../shared/schema/run.ts';
import { runIdArgument } from '../arguments.ts';
import { exitCodes, printResult, type Command } from '../command.ts';
import { formatCount, formatDuration, formatNumber, formatTable } from '../format.ts';
import { describeRun } from '../run-report.ts';
import { withStudio } from '../with-studio.ts';

/** `show ID`: everything stored of one run. */
export const showCommand: Command = {
  name: 'show',
  usage: 'ID',
  summary: 'show a run: its numbers per epoch, model, engine and log',
  options: {},
  positionals: { min: 1, max: 1 },
  async run(input, terminal) {
    const runId = runIdArgument(input.positionals[0]);
    const detail = await withStudio(input, terminal, ({ client }) => client.invoke('runs.get', { runId }));
    printResult(input, terminal, { document: detail, lines: describeDetail(detail) });
    return exitCodes.success;
  },
};

function describeDetail(detail: RunDetail): string[] {
  const { summary, model } = detail;
  return [
    ...describeRun(detail),
    `dataset   ${summary.dataset}`,
    `model     ${model.layers.length} layers, ${formatCount(model.parameterCount)} parameters`,
    ...(summary.tags.length > 0 ? [`tags      ${summary.tags.join(', ')}`] : []),
    ...(summary.notes ? [`notes     ${summary.notes}`] : []),
    '',
    ...epochTable(detail),
    ...(detail.log.length > 0 ? [''] : []),
    ...detail.log.map(({ at, level, text }) => `${at} ${level} ${text}`),
  ];
}

function epochTable({ epochs, series }: RunDetail): string[] {
  const headings = [
    'epoch',
    ...series.map(({ split, metric }) => `${split} ${metric}`),
    'time',
    'examples/s',
  ];
  const rows = epochs.map((row) => [
    `${row.epoch}${row.best ? ' *' : ''}`,
    ...series.map(({ epochs: measured, values }) =>
      formatNumber(values[measured.indexOf(row.epoch)] ?? null),
    ),
    formatDuration(row.durationMs),
    formatCount(row.examplesPerSecond),
  ]);
  return epochs.length === 0 ? ['no epoch is finished yet'] : formatTable(headings, rows);
}
