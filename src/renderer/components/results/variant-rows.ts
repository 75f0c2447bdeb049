import type { SplitName } from '../../../shared/schema/dataset.ts';
import type { VariantResults } from '../../../shared/schema/results.ts';
import type { PublishedResult } from '../../../shared/schema/variant.ts';
import { baseMetric, shortMetricLabel } from '../../text/format.ts';

/** A metric on a split, as the table can show it. */
export interface MetricChoice {
  readonly split: SplitName;
  readonly metric: string;
}

/** One run of a variant with its number. */
export interface VariantRun {
  readonly runId: string;
  readonly seed: number | null;
  readonly value: number | null;
}

/** A line of the table. */
export interface VariantRow {
  readonly variant: string | null;
  readonly name: string;
  readonly runs: readonly VariantRun[];
  readonly count: number;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly durationMs: number;
  /** What the report states of it. */
  readonly published: PublishedResult | null;
}

const SPLITS: readonly SplitName[] = ['test', 'dev', 'train'];
const METRICS: readonly string[] = ['accuracy', 'root-mean-squared-error', 'mean-absolute-error', 'loss'];

const rank = (list: readonly string[], name: string) =>
  list.includes(name) ? list.indexOf(name) : list.length;

/** Every metric that some variant has, the one that says most first. */
export function metricChoices(results: readonly VariantResults[]): MetricChoice[] {
  const found = new Map<string, MetricChoice>();
  for (const { split, metric } of results.flatMap((one) => one.metrics)) {
    found.set(choiceKey({ split, metric }), { split, metric });
  }
  const order = ({ split, metric }: MetricChoice) =>
    10 * rank(METRICS, baseMetric(metric)) + (baseMetric(metric) === metric ? 0 : 4) + rank(SPLITS, split);
  return [...found.values()].sort((one, other) => order(one) - order(other));
}

export function choiceKey({ split, metric }: MetricChoice): string {
  return `${split} ${metric}`;
}

/** A choice in words, e.g. "test accuracy". */
export function choiceLabel({ split, metric }: MetricChoice): string {
  return `${split} ${shortMetricLabel(metric)}`;
}

/** The table's lines for a metric, in the experiment's order of variants. */
export function variantRows(
  results: readonly VariantResults[],
  choice: MetricChoice,
  published: readonly PublishedResult[] = [],
): VariantRow[] {
  const key = choiceKey(choice);
  return results.map((one) => {
    const metric = one.metrics.find((candidate) => choiceKey(candidate) === key);
    const stated = published.filter((number) => choiceKey(number) === key);
    return {
      variant: one.variant,
      name: one.name,
      runs: one.runIds.map((runId, index) => ({
        runId,
        seed: one.seeds[index] ?? null,
        value: metric?.values[index] ?? null,
      })),
      count: metric?.count ?? 0,
      mean: metric?.mean ?? null,
      standardDeviation: metric?.standardDeviation ?? null,
      durationMs: one.durationMs,
      published: stated.find((number) => number.variant === one.variant) ?? null,
    };
  });
}

/** From the smallest to the largest number of all lines, with a little room; null where none was measured. */
export function rowsExtent(rows: readonly VariantRow[]): readonly [number, number] | null {
  const values = rows.flatMap((row) => [
    ...row.runs.map((run) => run.value),
    row.published?.value ?? null,
    ...(row.mean === null
      ? []
      : [row.mean - (row.standardDeviation ?? 0), row.mean + (row.standardDeviation ?? 0)]),
  ]);
  const measured = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (measured.length === 0) return null;
  const [low, high] = [Math.min(...measured), Math.max(...measured)];
  const room = (high - low || Math.abs(high) * 0.1 || 1) * 0.06;
  return [low - room, high + room];
}

/** Are there variants or seeds to compare? */
export function hasSpread(results: readonly VariantResults[]): boolean {
  return results.length > 1 || results.some((one) => one.runIds.length > 1);
}
