import type { RunSummary } from '../../../shared/schema/run.ts';
import { integerOption } from '../arguments.ts';
import { exitCodes, printResult, type Command } from '../command.ts';
import { formatDuration, formatNumber, formatShare, formatTable } from '../format.ts';
import { withStudio } from '../with-studio.ts';

/** `runs`: the history, newest first. */
export const runsCommand: Command = {
  name: 'runs',
  usage: '[--text T] [--tag T] [--limit N] [--deleted]',
  summary: 'list the run history, newest first',
  options: {
    text: { type: 'string', value: 'T', help: 'only runs whose name, dataset, notes or tags contain T' },
    tag: { type: 'string', value: 'T', help: 'only runs with this tag' },
    limit: { type: 'string', value: 'N', help: 'at most N runs (default: 20)' },
    deleted: { type: 'boolean', help: 'the deleted ones, which "restore" brings back' },
  },
  positionals: { min: 0, max: 0 },
  async run(input, terminal) {
    const limit = integerOption(input, 'limit', { min: 1, max: 10_000 }) ?? 20;
    const { text, tag, deleted } = input.values;
    const query = {
      limit,
      text: typeof text === 'string' ? text : '',
      tag: typeof tag === 'string' ? tag : null,
      deleted: deleted === true,
    };
    const found = await withStudio(input, terminal, ({ client }) => client.invoke('runs.list', query));
    printResult(input, terminal, { document: found, lines: describeRuns(found.runs, found.total) });
    return exitCodes.success;
  },
};

function describeRuns(runs: readonly RunSummary[], total: number): string[] {
  if (runs.length === 0) return ['no runs; start one with: run mnist-mlp'];
  const headings = ['id', 'name', 'seed', 'state', 'epochs', 'test accuracy', 'dev loss', 'time', 'created'];
  const table = formatTable(headings, runs.map(runRow));
  return runs.length < total ? [...table, `${runs.length} of ${total}; more with --limit`] : table;
}

function runRow(run: RunSummary): string[] {
  return [
    run.id,
    run.name,
    String(run.seed),
    run.state,
    `${run.epochsDone}/${run.epochsPlanned}`,
    formatShare(run.headline.testAccuracy),
    formatNumber(run.headline.devLoss),
    formatDuration(run.durationMs),
    run.createdAt.slice(0, 16).replace('T', ' '),
  ];
}
