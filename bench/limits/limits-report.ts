import type { MeasuredLimit } from '../../test/e2e/support/measured-limit.ts';
import { median } from '../statistics.ts';

/** What all rounds measured. */
export interface LimitsResults {
  readonly date: string;
  readonly machine: string;
  /** Processes that waited for a core, on average over a minute, before each round. */
  readonly loads: readonly number[];
  readonly rounds: readonly (readonly MeasuredLimit[])[];
}

/** Heading of the summary in docs/benchmarks.md. */
export const LIMITS_HEADING = 'What the screens promise';

interface Row extends Omit<MeasuredLimit, 'measuredMs'> {
  readonly measuredMs: readonly number[];
}

/** A row for each limit; one that a round did not measure counts as not kept in it. */
function rowsOf({ rounds }: LimitsResults): Row[] {
  const limits = new Map(rounds.flat().map(({ name, limitMs }) => [name, limitMs]));
  return [...limits].map(([name, limitMs]) => ({
    name,
    limitMs,
    measuredMs: rounds.map((round) => round.find((limit) => limit.name === name)?.measuredMs ?? Infinity),
  }));
}

const isRowKept = ({ limitMs, measuredMs }: Row): boolean => median(measuredMs) <= limitMs;

/** Was anything measured, and is every median within its limit? */
export function isKept(results: LimitsResults): boolean {
  const rows = rowsOf(results);
  return rows.length > 0 && rows.every(isRowKept);
}

const told = (ms: number): string => (Number.isFinite(ms) ? ms.toFixed(1) : 'failed');

function formatRow(row: Row): string {
  const { name, limitMs, measuredMs } = row;
  const verdict = isRowKept(row) ? 'kept' : '**missed**';
  return `| ${name} | ${limitMs} | ${told(median(measuredMs))} | ${measuredMs.map(told).join(', ')} | ${verdict} |`;
}

/** What it comes to. */
export function formatLimitsSummary(results: LimitsResults): string {
  const rows = rowsOf(results);
  const missed = rows.filter((row) => !isRowKept(row)).map(({ name }) => name);
  const rest = missed.length > 0 ? ` Missed: ${missed.join('; ')}.` : '';
  return `${rows.length - missed.length} of ${rows.length} limits kept, by medians of ${results.rounds.length} rounds.${rest}`;
}

/** The report, as Markdown. */
export function formatLimitsReport(results: LimitsResults): string {
  const { date, machine, loads } = results;
  return `# ${LIMITS_HEADING}

${date}, ${machine}; load before the rounds: ${loads.map((load) => load.toFixed(1)).join(', ')}.

${formatLimitsSummary(results)}

Times in ms, measured inside the page by the end-to-end tests (\`test/e2e\`): from an input to the end of the frame that
shows its answer, or from frame to frame. A browser without a display says 16.6 or 16.7 for a frame on time and 33.3 for a
missed one. \`npm test\` measures the same and fails only where the program must be broken.

| what | limit | median | rounds | |
| --- | ---: | ---: | --- | --- |
${rowsOf(results).map(formatRow).join('\n')}
`;
}
