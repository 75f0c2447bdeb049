import {
  comparisonCurvesFigure,
  type ComparisonOptions,
  type CurveGroup,
} from '../../../shared/figures/builders/comparison-curves.ts';
import { learningCurvesFigure, mainMetrics } from '../../../shared/figures/builders/curves.ts';
import { metricLabel } from '../../../shared/figures/builders/metric-text.ts';
import type { ComparedSeries } from '../../../shared/schema/comparison.ts';
import type { SplitName } from '../../../shared/schema/dataset.ts';
import type { FigureSpec } from '../../../shared/schema/figure.ts';
import type { MetricSeries } from '../../../shared/schema/metric.ts';
import type { VariantResults } from '../../../shared/schema/results.ts';
import { variantFamilies } from './families.ts';
import type { Collector, FigureSource } from './source.ts';
import type { Subject } from './subject.ts';

/** More curves than this in one plot are not told apart. */
const MOST_CURVES = 18;

/** The best variant's learning curves, and all variants' curves on one split together. */
export async function addCurves(into: Collector, source: FigureSource, subject: Subject): Promise<void> {
  const { series, summary } = subject.best.detail;
  await into.figure('learning-curves', () =>
    mainMetrics(series).length === 0 || !hasCourse(series)
      ? null
      : learningCurvesFigure(series, { title: summary.name, runIds: [summary.id] }),
  );
  if (subject.variants.length < 2) return;
  for (const { name, title, variants } of variantFamilies(subject)) {
    if (variants.length < 2 || variants.length > MOST_CURVES) continue;
    await into.figure(name === '' ? 'comparison' : `comparison-${name}`, () =>
      compareVariants(source, subject, variants, title),
    );
  }
}

/** Is there more than a single point of anything? */
function hasCourse(series: readonly MetricSeries[]): boolean {
  return series.some(({ epochs }) => epochs.length > 1);
}

async function compareVariants(
  source: FigureSource,
  { best, experiment }: Subject,
  variants: readonly VariantResults[],
  title: string,
): Promise<FigureSpec | null> {
  const metrics = mainMetrics(best.detail.series);
  const split = comparedSplit(best.detail.series);
  if (split === null || metrics.length === 0) return null;
  const read = await readSeries(source, variants, metrics, split);
  const panels = metrics.map((metric) =>
    comparisonCurvesFigure(groupsOf(variants, read, metric), {
      title: `${metricLabel(metric)} on ${split}`,
      metric,
    }),
  );
  const [first] = panels;
  const name = title === '' ? experiment.name : `${experiment.name}: ${title}`;
  if (first === undefined || panels.length === 1)
    return first === undefined ? null : { ...first, title: name };
  return { kind: 'panels', title: name, runIds: first.runIds, columns: 2, figures: panels };
}

/** Dev, else test, else train: the first that was measured more than once. */
function comparedSplit(series: readonly MetricSeries[]): SplitName | null {
  const isCourse = (split: SplitName): boolean =>
    series.some((one) => one.split === split && one.epochs.length > 1);
  return (['dev', 'test', 'train'] as const).find(isCourse) ?? null;
}

/** The curves of all runs of some variants. */
export async function readSeries(
  source: FigureSource,
  variants: readonly VariantResults[],
  metrics: readonly string[],
  split: SplitName,
): Promise<ComparedSeries[]> {
  return source['compare.series']({
    runIds: variants.flatMap(({ runIds }) => runIds),
    curves: metrics.map((metric) => ({ split, metric })),
  });
}

/** Series by variant, for one metric. */
export function groupsOf(
  variants: readonly VariantResults[],
  read: readonly ComparedSeries[],
  metric: string,
): CurveGroup[] {
  return variants.map(({ name, runIds }) => ({
    label: name,
    runIds,
    series: read.filter((one) => one.metric === metric && runIds.includes(one.runId)).map(toMetricSeries),
  }));
}

function toMetricSeries({ split, metric, epochs, steps, values }: ComparedSeries): MetricSeries {
  return {
    split,
    metric,
    epochs: [...epochs],
    steps: [...steps],
    values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
  };
}

const LAB_PLACES = {
  'chained-products': 'Factors',
  initialisation: 'Layer',
} as const;

/** What a lab measured, over its factors or layers, a panel per quantity and a curve per variant. */
export async function addLabCurves(into: Collector, source: FigureSource, subject: Subject): Promise<void> {
  const { lab } = subject.best.detail.experiment;
  if (lab === null) return;
  const over: ComparisonOptions['over'] = { kind: 'step', title: LAB_PLACES[lab.kind] };
  await into.figure('measurements', async () => {
    const { series } = subject.best.detail;
    const split = series[0]?.split ?? 'train';
    const metrics = [...new Set(series.map(({ metric }) => metric))];
    const read = await readSeries(source, subject.variants, metrics, split);
    const figures = metrics.map((metric) => {
      const groups = groupsOf(subject.variants, read, metric);
      const logarithmic = groups.every((group) => group.series.every(isPositive));
      return comparisonCurvesFigure(groups, { title: metricLabel(metric), metric, over, logarithmic });
    });
    const [first] = figures;
    if (first === undefined) return null;
    return { kind: 'panels', title: subject.experiment.name, runIds: first.runIds, columns: 2, figures };
  });
}

function isPositive({ values }: MetricSeries): boolean {
  return values.every((value) => value === null || value > 0);
}
