import { isLargerBetter } from '../../../shared/figures/builders/metric-text.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { SplitName } from '../../../shared/schema/dataset.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { VariantMetric, VariantResults } from '../../../shared/schema/results.ts';
import type { RunDetail, RunId } from '../../../shared/schema/run.ts';
import type { FigureSource } from './source.ts';

/** A variant and the run that stands for it. */
export interface VariantRun {
  readonly results: VariantResults;
  readonly detail: RunDetail;
}

/** What a report is about: an experiment, its variants that have run, and the best of them. */
export interface Subject {
  readonly id: string;
  readonly experiment: Experiment;
  readonly variants: readonly VariantResults[];
  /** The number by which variants are judged; null where a lab measures no such thing. */
  readonly headline: Headline | null;
  readonly best: VariantRun;
}

/** A metric of a split. */
export interface Headline {
  readonly split: SplitName;
  readonly metric: string;
}

/** @throws StudioError `not-found` where nothing of the experiment has finished */
export async function findSubject(source: FigureSource, id: string): Promise<Subject> {
  const experiment = await source['experiments.get']({ id });
  const variants = await source['experiments.results']({ id });
  const headline = headlineOf(variants);
  const [best] = rankVariants(variants, headline);
  if (best === undefined) {
    throw new StudioError(
      'not-found',
      `figures of ${id}: no finished run of "${experiment.name}" as it is now, expected at least one; run it first ` +
        `(in the gallery, or "experiments run ${id}")`,
      { experimentId: id },
    );
  }
  return { id, experiment, variants, headline, best: await loadVariantRun(source, best, headline) };
}

/** The run of a variant whose headline number is nearest to the mean over its seeds. */
export async function loadVariantRun(
  source: FigureSource,
  results: VariantResults,
  headline: Headline | null,
): Promise<VariantRun> {
  return { results, detail: await source['runs.get']({ runId: typicalRun(results, headline) }) };
}

function typicalRun(results: VariantResults, headline: Headline | null): RunId {
  const found = metricOf(results, headline);
  const distance = (value: number | null | undefined): number =>
    value === null || value === undefined ? Infinity : Math.abs(value - (found?.mean ?? 0));
  const order = results.runIds.map((_, i) => i);
  order.sort((a, b) => distance(found?.values[a]) - distance(found?.values[b]) || a - b);
  return results.runIds[order[0] ?? 0]!;
}

/** The metric of a variant's last numbers. */
export function metricOf(results: VariantResults, headline: Headline | null): VariantMetric | undefined {
  return results.metrics.find(({ split, metric }) => split === headline?.split && metric === headline.metric);
}

/** Accuracy, else RMSE, else the loss; on dev where there is one. */
function headlineOf(variants: readonly VariantResults[]): Headline | null {
  const known = variants.flatMap(({ metrics }) => metrics).filter(({ count }) => count > 0);
  for (const metric of ['accuracy', 'root-mean-squared-error', 'loss'])
    for (const split of ['dev', 'test', 'train'] as const)
      if (known.some((one) => one.split === split && one.metric === metric)) return { split, metric };
  return null;
}

/** The best first; those without a number last. */
function rankVariants(variants: readonly VariantResults[], headline: Headline | null): VariantResults[] {
  const sign = headline !== null && isLargerBetter(headline.metric) ? -1 : 1;
  const score = (results: VariantResults): number => {
    const mean = metricOf(results, headline)?.mean ?? null;
    return mean === null ? Infinity : sign * mean;
  };
  return variants.toSorted((a, b) => {
    const [first, second] = [score(a), score(b)];
    return first === second ? 0 : first - second;
  });
}
