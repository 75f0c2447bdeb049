import type { TableSpec } from '../../schema/figure.ts';
import type { ModelSummary } from '../../schema/model.ts';
import type { ClassificationResult, VariantMetric, VariantResults } from '../../schema/results.ts';
import type { RunId } from '../../schema/run.ts';
import { isShareMetric, metricLabel, writeCount, writeMetric, writeSpread } from './metric-text.ts';

const left = (title: string) => ({ title, align: 'left' as const });
const right = (title: string) => ({ title, align: 'right' as const });

/** Metrics of each variant as mean ± sample standard deviation over its seeds. */
export function variantsTable(variants: readonly VariantResults[], title: string): TableSpec {
  const columns = metricColumns(variants);
  return {
    title,
    runIds: variants.flatMap(({ runIds }) => runIds),
    columns: [
      left('Variant'),
      right('n'),
      ...columns.map(({ split, metric }) =>
        right(`${metricLabel(metric)} on ${split}${isShareMetric(metric) ? ' (%)' : ''}`),
      ),
    ],
    rows: variants.map(({ name, seeds, metrics }) => [
      name,
      String(seeds.length),
      ...columns.map(({ split, metric }) => {
        const found = metrics.find((one) => one.split === split && one.metric === metric);
        return found === undefined ? null : writeSpread(metric, found.mean, found.standardDeviation);
      }),
    ]),
  };
}

/** The metrics that any variant has, by split; the learning rate is a setting, no result. */
function metricColumns(variants: readonly VariantResults[]): Pick<VariantMetric, 'split' | 'metric'>[] {
  const found = new Map<string, Pick<VariantMetric, 'split' | 'metric'>>();
  for (const split of ['train', 'dev', 'test'] as const)
    for (const { metrics } of variants)
      for (const one of metrics)
        if (one.split === split && one.count > 0 && one.metric !== 'learning-rate')
          found.set(`${split}/${one.metric}`, one);
  return [...found.values()];
}

/** Per-class accuracy, precision and F1, and the support. */
export function classTable(result: ClassificationResult, title: string, runIds: readonly RunId[]): TableSpec {
  const share = (value: number | null): string | null => (value === null ? null : (100 * value).toFixed(2));
  const total = result.perClass.reduce((sum, { support }) => sum + support, 0);
  return {
    title,
    runIds: [...runIds],
    columns: [
      left('Class'),
      right('Accuracy (%)'),
      right('Precision (%)'),
      right('F1 (%)'),
      right('Examples'),
    ],
    rows: [
      ...result.perClass.map(({ name, recall, precision, f1, support }) => [
        name,
        share(recall),
        share(precision),
        share(f1),
        writeCount(support),
      ]),
      ['All', share(result.accuracy), null, share(result.macroF1), writeCount(total)],
    ],
  };
}

/** Per layer its output shape, parameters and receptive field. */
export function modelTable(model: ModelSummary, title: string): TableSpec {
  const shape = (sizes: readonly number[]): string => sizes.join(' × ');
  return {
    title,
    runIds: [],
    columns: [left('Layer'), left('Kind'), right('Output'), right('Parameters'), right('Receptive field')],
    rows: [
      ['input', '', shape(model.inputShape), '0', null],
      ...model.layers.map(({ name, kind, outputShape, parameterCount, receptiveField }) => [
        name,
        kind,
        shape(outputShape),
        writeCount(parameterCount),
        receptiveField === null ? null : shape(receptiveField),
      ]),
      ['All', '', '', writeCount(model.parameterCount), null],
    ],
  };
}

/** A run or a variant with the settings in which it differs from others. */
export interface SettingsRow {
  readonly label: string;
  readonly runIds: readonly RunId[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** By "split/metric". */
  readonly values: Readonly<Record<string, number | null>>;
}

/** Only the settings that are not the same for all, and what they came to. */
export function settingsTable(
  rows: readonly SettingsRow[],
  fields: readonly string[],
  curves: readonly string[],
  title: string,
): TableSpec {
  const metricOf = (curve: string): string => curve.slice(curve.indexOf('/') + 1);
  return {
    title,
    runIds: rows.flatMap(({ runIds }) => runIds),
    columns: [
      left('Run'),
      ...fields.map((field) => left(field)),
      ...curves.map((curve) =>
        right(
          `${metricLabel(metricOf(curve))} on ${curve.slice(0, curve.indexOf('/'))}${isShareMetric(metricOf(curve)) ? ' (%)' : ''}`,
        ),
      ),
    ],
    rows: rows.map(({ label, settings, values }) => [
      label,
      ...fields.map((field) => writeSetting(settings[field])),
      ...curves.map((curve) => {
        const value = values[curve] ?? null;
        return value === null ? null : writeMetric(metricOf(curve), value);
      }),
    ]),
  };
}

function writeSetting(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
