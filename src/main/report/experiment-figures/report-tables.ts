import {
  isShareMetric,
  metricLabel,
  writeMetric,
  writeSpread,
} from '../../../shared/figures/builders/metric-text.ts';
import { modelTable, variantsTable } from '../../../shared/figures/builders/tables.ts';
import type { TableSpec } from '../../../shared/schema/figure.ts';
import type { VariantResults } from '../../../shared/schema/results.ts';
import type { Collector, FigureSource } from './source.ts';
import { loadVariantRun, type Subject } from './subject.ts';

/** As many variants have their net summarised; of more, the best alone. */
const MOST_MODELS = 4;

/** Metrics of every variant, the numbers beside the published ones, and the nets. */
export async function addTables(into: Collector, source: FigureSource, subject: Subject): Promise<void> {
  const { experiment, variants } = subject;
  await into.table('results', () => variantsTable(variants, `${experiment.name}: results`));
  await into.table('published', () => publishedTable(subject));
  const { detail } = subject.best;
  if (detail.experiment.svm !== null || detail.experiment.lab?.kind === 'chained-products') return;
  if (variants.length === 1 || variants.length > MOST_MODELS) {
    return into.table('model', () => modelTable(detail.model, `${detail.summary.name}: layers`));
  }
  const known = new Set<string>();
  for (const results of variants) {
    const run = await loadVariantRun(source, results, subject.headline);
    const key = JSON.stringify(run.detail.model.layers);
    if (known.has(key)) continue;
    known.add(key);
    const name = `model-${results.variant ?? 'plain'}`;
    await into.table(name, () => modelTable(run.detail.model, `${results.name}: layers`));
  }
}

function publishedTable({ experiment, variants }: Subject): TableSpec | null {
  const published = experiment.reference?.published ?? [];
  if (published.length === 0) return null;
  const rows = published.map(({ label, variant, split, metric, value }) => {
    const own = variants.find((results) => variant === null || results.variant === variant);
    return [
      label,
      variantName(experiment.variants, variant),
      `${metricLabel(metric)} on ${split}${isShareMetric(metric) ? ' (%)' : ''}`,
      value === null ? null : writeMetric(metric, value),
      ours(own, split, metric),
    ];
  });
  return {
    title: `${experiment.name}: published and ours`,
    runIds: variants.flatMap(({ runIds }) => runIds),
    columns: [
      { title: 'Result', align: 'left' },
      { title: 'Variant', align: 'left' },
      { title: 'Metric', align: 'left' },
      { title: 'Published', align: 'right' },
      { title: 'Ours', align: 'right' },
    ],
    rows,
  };
}

function variantName(variants: readonly { id: string; name: string }[], id: string | null): string {
  return id === null ? '' : (variants.find((variant) => variant.id === id)?.name ?? id);
}

function ours(results: VariantResults | undefined, split: string, metric: string): string | null {
  const found = results?.metrics.find((one) => one.split === split && one.metric === metric);
  return found === undefined ? null : writeSpread(metric, found.mean, found.standardDeviation);
}
