/** Keeps a number and its unit on one line. */
const NBSP = '\u00a0';
const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** What a cell says where there is no number. */
export const NOT_MEASURED = 'not measured';

/** A number may be shown: measured and finite. */
export function isMeasured(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A whole number with grouped digits, e.g. 235,146. */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** A share in [0, 1] as per cent with two decimals, e.g. "91.28 %". */
export function formatAccuracy(value: number | null | undefined): string {
  return isMeasured(value) ? `${(value * 100).toFixed(2)}${NBSP}%` : NOT_MEASURED;
}

/** A loss or an error with the digits it deserves: 0.2384, 12.35, 29,812, 3.20e-5. */
export function formatLoss(value: number | null | undefined): string {
  if (!isMeasured(value)) return NOT_MEASURED;
  const size = Math.abs(value);
  if (size >= 1e9) return value.toExponential(2);
  if (size >= 1_000) return grouped.format(value);
  if (size >= 10) return value.toFixed(2);
  if (size >= 1e-3 || size === 0) return value.toFixed(4);
  return value.toExponential(2);
}

/** A curve's name without the head it belongs to: "accuracy" of "digit/accuracy". */
export function baseMetric(metric: string): string {
  return metric.slice(metric.indexOf('/') + 1);
}

/** Is the metric a share in [0, 1], shown as per cent? */
export function isShareMetric(metric: string): boolean {
  return /(^|-)(accuracy|f1)$/.test(baseMetric(metric));
}

/** Any metric in its own manner. */
export function formatMetric(metric: string, value: number | null | undefined): string {
  return isShareMetric(metric) ? formatAccuracy(value) : formatLoss(value);
}

/**
 * Mean and spread in the metric's own manner and with the mean's digits, e.g. "91.28 ± 0.14 %" or "29,812 ± 842"; the
 * mean alone without a spread.
 */
export function formatSpread(metric: string, mean: number | null, standardDeviation: number | null): string {
  const text = formatMetric(metric, mean);
  if (!isMeasured(mean) || !isMeasured(standardDeviation)) return text;
  if (text.includes('e')) return `${text} ±${NBSP}${formatLoss(standardDeviation)}`;
  const [number = '', unit] = text.split(NBSP);
  const digits = number.split('.')[1]?.length ?? 0;
  const spread = (unit === '%' ? 100 : 1) * standardDeviation;
  const written = digits === 0 ? grouped.format(spread) : spread.toFixed(digits);
  return `${number} ±${NBSP}${written}${unit === undefined ? '' : NBSP + unit}`;
}

/** A value with its unit, e.g. "29,812 USD". */
export function formatWithUnit(value: number | null | undefined, unit: string | null): string {
  const text = formatLoss(value);
  return unit === null || text === NOT_MEASURED ? text : `${text}${NBSP}${unit}`;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in at most two units: 850 ms, 4.2 s, 42 s, 1 m 42 s, 2 h 5 m, 3 d 4 h. */
export function formatDuration(durationMs: number | null | undefined): string {
  if (!isMeasured(durationMs)) return NOT_MEASURED;
  if (durationMs < SECOND) return `${Math.round(durationMs)}${NBSP}ms`;
  if (durationMs < 9_950) return `${(durationMs / SECOND).toFixed(1)}${NBSP}s`;
  const seconds = Math.round(durationMs / SECOND);
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (durationMs < HOUR - SECOND / 2) return pair(seconds, 60, 'm', 's');
  const minutes = Math.round(durationMs / MINUTE);
  if (durationMs < DAY - MINUTE / 2) return pair(minutes, 60, 'h', 'm');
  return pair(Math.round(durationMs / HOUR), 24, 'd', 'h');
}

function pair(total: number, base: number, large: string, small: string): string {
  return [Math.floor(total / base), large, total % base, small].join(NBSP);
}

/** Examples per second, e.g. "84,120 /s". */
export function formatRate(perSecond: number | null | undefined): string {
  if (!isMeasured(perSecond) || perSecond <= 0) return NOT_MEASURED;
  const shown = perSecond < 10 ? perSecond.toFixed(1) : grouped.format(perSecond);
  return `${shown}${NBSP}/s`;
}

/** Three digits before a decimal unit, e.g. 1.42 with "M". */
function scaled(value: number, units: readonly string[]): string {
  let rest = value;
  let index = 0;
  while (rest >= 999.5 && index < units.length - 1) {
    rest /= 1_000;
    index++;
  }
  const digits = index === 0 || rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2;
  return `${rest.toFixed(digits)}${NBSP}${units[index] ?? ''}`;
}

/** A size in decimal units, e.g. "312 MB". */
export function formatBytes(sizeBytes: number): string {
  return scaled(sizeBytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
}

/** Floating-point operations, e.g. "1.42 MFLOP". */
export function formatFlops(flops: number): string {
  return scaled(flops, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP']);
}

/** A tensor's shape without its batch axis, e.g. "28 × 28 × 1"; a scalar is "1". */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? '1' : shape.join(' × ');
}

/** A share in [0, 1] without decimals, "< 1 %" where it is small but there. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return `<${NBSP}1${NBSP}%`;
  return `${Math.round(share * 100)}${NBSP}%`;
}

/** The clock of the same day, else day and month, else the date too. Local time. */
export function formatWhen(iso: string | null, now: Date = new Date()): string {
  if (iso === null) return NOT_MEASURED;
  const at = new Date(iso);
  const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (at.toDateString() === now.toDateString()) return `today ${clock}`;
  const sameYear = at.getFullYear() === now.getFullYear();
  const day = at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
  return `${day} ${clock}`;
}

const METRIC_LABELS: Readonly<Record<string, string>> = {
  'top-5-accuracy': 'Top-5 accuracy',
  'activation-norm': 'Activations (root mean square)',
  'gradient-norm': 'Gradients (root mean square)',
};

/** A curve's name for an axis or a heading, e.g. "Accuracy", or "Accuracy (digit)" for a head's. */
export function metricLabel(metric: string): string {
  const base = baseMetric(metric);
  const words = base.replaceAll('-', ' ');
  const label = METRIC_LABELS[base] ?? words.charAt(0).toUpperCase() + words.slice(1);
  return base === metric ? label : `${label} (${metric.slice(0, metric.indexOf('/'))})`;
}

const SHORT_LABELS: Readonly<Record<string, string>> = {
  'root-mean-squared-error': 'RMSE',
  'mean-absolute-error': 'MAE',
};

/** A curve's name for the head of a narrow column, e.g. "loss" or "RMSE (price)". */
export function shortMetricLabel(metric: string): string {
  const base = baseMetric(metric);
  const label = metricLabel(metric);
  const short = SHORT_LABELS[base];
  if (short === undefined) return label.charAt(0).toLowerCase() + label.slice(1);
  return label.replace(metricLabel(base), short);
}
