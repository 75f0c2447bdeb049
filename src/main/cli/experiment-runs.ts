import type { VariantMetric, VariantResults } from '../../shared/schema/results.ts';
import type { RunId } from '../../shared/schema/run.ts';
import { engineChoice } from '../../shared/schema/engine.ts';
import { choiceOption, integerOption, textOption } from './arguments.ts';
import { exitCodes, printResult, type CommandInput, type StudioSession, type Terminal } from './command.ts';
import { followStarted } from './follow-run.ts';
import { formatDuration, formatNumber, formatShare, formatTable } from './format.ts';
import { describeRun, exitCodeOf } from './run-report.ts';
import { withStudio } from './with-studio.ts';

/** Trains every seed and variant that has not finished yet, one after another, then shows the results. */
export async function runAll(input: CommandInput, terminal: Terminal, id: string): Promise<number> {
  const params = {
    id,
    seed: integerOption(input, 'seed', { min: 0, max: 0xffff_ffff }) ?? 1,
    repeats: integerOption(input, 'repeats', { min: 1, max: 1000 }),
    variants: textOption(input, 'variants')?.split(',') ?? null,
    engine: choiceOption(input, 'engine', engineChoice.options) ?? ('auto' as const),
    again: input.values.again === true,
  };
  return withStudio(input, terminal, async (session) => {
    const { runIds } = await session.client.invoke('experiments.start', params);
    terminal.tell(`${id}: ${runIds.length} runs to train`);
    for (const runId of runIds) {
      const code = await follow(session, terminal, runId);
      if (code === exitCodes.interrupted) return code;
    }
    return printResults(input, terminal, await session.client.invoke('experiments.results', { id }));
  });
}

async function follow(session: StudioSession, terminal: Terminal, runId: RunId): Promise<number> {
  const detail = await followStarted(session, terminal, runId);
  const { summary } = detail;
  if (summary.state === 'finished') {
    const { testAccuracy, testError, testLoss } = summary.headline;
    const main = testAccuracy !== null ? formatShare(testAccuracy) : formatNumber(testError ?? testLoss);
    terminal.tell(
      `${runId}  ${summary.variant ?? summary.name}, seed ${summary.seed}: test ${main} in ${formatDuration(summary.durationMs)}`,
    );
  } else {
    for (const line of describeRun(detail)) terminal.tell(line);
  }
  return exitCodeOf(summary.state);
}

/** The finished runs of an experiment by variant. */
export async function showResults(input: CommandInput, terminal: Terminal, id: string): Promise<number> {
  const results = await withStudio(input, terminal, ({ client }) =>
    client.invoke('experiments.results', { id }),
  );
  return printResults(input, terminal, results);
}

function printResults(input: CommandInput, terminal: Terminal, results: readonly VariantResults[]): number {
  printResult(input, terminal, { document: results, lines: describeResults(results) });
  return exitCodes.success;
}

function describeResults(results: readonly VariantResults[]): string[] {
  const metrics = mainMetrics(results);
  const rows = results.map(({ variant, name, runIds, durationMs, metrics: measured }) => [
    variant ?? name,
    String(runIds.length),
    ...metrics.map((key) => describeMetric(measured.find((metric) => keyOf(metric) === key))),
    formatDuration(durationMs),
  ]);
  return formatTable(['variant', 'n', ...metrics, 'time'], rows);
}

function keyOf({ split, metric }: VariantMetric): string {
  return `${split} ${metric}`;
}

/** What is measured on dev and test, the learning rate and the like left out. */
function mainMetrics(results: readonly VariantResults[]): string[] {
  const shown = results.flatMap(({ metrics }) => metrics).filter(({ split }) => split !== 'train');
  return [...new Set(shown.map(keyOf))].sort();
}

function describeMetric(metric: VariantMetric | undefined): string {
  if (metric === undefined || metric.mean === null) return '-';
  const format = metric.metric.endsWith('accuracy') ? formatShare : formatNumber;
  const spread = metric.standardDeviation;
  return spread === null ? format(metric.mean) : `${format(metric.mean)} ± ${format(spread)}`;
}
