/** A curve's name without the head it belongs to: "accuracy" of "digit/accuracy". */
function baseMetric(metric: string): string {
  return metric.slice(metric.indexOf('/') + 1);
}

/** Is the metric a share in [0, 1], written as per cent? */
export function isShareMetric(metric: string): boolean {
  return /(^|-)(accuracy|f1)$/.test(baseMetric(metric));
}

/** Is a larger number of the metric the better one? */
export function isLargerBetter(metric: string): boolean {
  return isShareMetric(metric);
}

const LABELS: Readonly<Record<string, string>> = {
  'root-mean-squared-error': 'RMSE',
  'mean-absolute-error': 'MAE',
  'top-5-accuracy': 'Top-5 accuracy',
  'activation-norm': 'RMS of activations',
  'gradient-norm': 'RMS of gradients',
};

/** A metric's name for an axis or a heading, e.g. "Accuracy", or "Accuracy (digit)" for a head's. */
export function metricLabel(metric: string): string {
  const base = baseMetric(metric);
  const words = base.replaceAll('-', ' ');
  const label = LABELS[base] ?? words.charAt(0).toUpperCase() + words.slice(1);
  return base === metric ? label : `${label} (${metric.slice(0, metric.indexOf('/'))})`;
}

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** A number with the digits it deserves: 91.28 (per cent) of a share, 0.2384, 12.35, 29,812. */
export function writeMetric(metric: string, value: number): string {
  if (isShareMetric(metric)) return (value * 100).toFixed(2);
  const size = Math.abs(value);
  if (size >= 1e9 || (size < 1e-3 && size > 0)) return value.toExponential(2);
  if (size >= 1_000) return grouped.format(value);
  return value.toFixed(size >= 10 ? 2 : 4);
}

/** Mean and sample deviation with the mean's digits, e.g. "91.28 ± 0.14"; null where nothing was measured. */
export function writeSpread(metric: string, mean: number | null, deviation: number | null): string | null {
  if (mean === null || !Number.isFinite(mean)) return null;
  const text = writeMetric(metric, mean);
  if (deviation === null) return text;
  if (text.includes('e')) return `${text} ± ${deviation.toExponential(2)}`;
  const digits = text.split('.')[1]?.length ?? 0;
  const spread = (isShareMetric(metric) ? 100 : 1) * deviation;
  return `${text} ± ${digits === 0 ? grouped.format(spread) : spread.toFixed(digits)}`;
}

/** A whole number with grouped digits, e.g. 235,146. */
export function writeCount(value: number): string {
  return grouped.format(value);
}
