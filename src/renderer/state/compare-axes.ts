import type { ComparedRuns, SettingValue } from '../../shared/schema/comparison.ts';
import { axisPlace, type Span } from '../charts/overlay/axis-scale.ts';
import { metricLabel } from '../text/format.ts';
import { settingLabel, settingText } from '../text/setting-text.ts';

/** An axis of parallel coordinates: a setting or a number the runs ended with. */
export interface ParallelAxis {
  readonly id: string;
  readonly kind: 'setting' | 'metric';
  readonly title: string;
  /** "test/accuracy" of a metric; null of a setting. */
  readonly metric: string | null;
  /** In their order along the axis; null for numbers. */
  readonly categories: readonly string[] | null;
  readonly logarithmic: boolean;
  /** Ends of the axis, as places (logarithms on a logarithmic axis). */
  readonly span: Span;
  /** Per run its place between the ends, 0 to 1; NaN where it has none. */
  readonly shares: Float64Array<ArrayBuffer>;
}

/** Numbers this far apart get a logarithmic axis. */
const LOG_ABOVE = 20;
/** More words than these on one axis cannot be read. */
export const MOST_CATEGORIES = 24;

/** Every axis there can be: the settings that differ, in the order of the experiment file, then the metrics. */
export function parallelAxes({ runs, fields, curves }: ComparedRuns): ParallelAxis[] {
  const settings = fields.map((path) =>
    settingAxis(
      path,
      runs.map((run) => run.settings[path] ?? null),
    ),
  );
  const metrics = curves.map((curve) =>
    metricAxis(
      curve,
      runs.map((run) => run.final[curve] ?? null),
    ),
  );
  return [...settings, ...metrics].filter((axis) => axis.shares.some((share) => !Number.isNaN(share)));
}

function settingAxis(path: string, values: readonly SettingValue[]): ParallelAxis {
  const common = { id: path, kind: 'setting', title: settingLabel(path), metric: null } as const;
  const present = values.filter((value) => value !== null);
  if (present.length > 0 && present.every((value) => typeof value === 'number'))
    return { ...common, ...numberAxis(values as readonly (number | null)[]) };
  return { ...common, ...categoryAxis(values.map(settingText)) };
}

function metricAxis(curve: string, values: readonly (number | null)[]): ParallelAxis {
  const [split = '', ...rest] = curve.split('/');
  const title = `${split} ${metricLabel(rest.join('/')).toLowerCase()}`;
  return { id: curve, kind: 'metric', title, metric: curve, ...numberAxis(values) };
}

type Scale = Pick<ParallelAxis, 'categories' | 'logarithmic' | 'span' | 'shares'>;

/** The axis of numbers between the least and the largest of them; null and what is not finite has no place on it. */
export function numberAxis(values: Iterable<number | null>): Scale {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const logarithmic = low > 0 && high / low >= LOG_ABOVE;
  const place = (value: number) => axisPlace(value, logarithmic);
  const [from, to] = low > high ? [0, 1] : [place(low), place(high)];
  const span: Span = to > from ? [from, to] : [from - 1, to + 1];
  const shares = Float64Array.from(values, (value) =>
    value === null || !Number.isFinite(value) ? NaN : (place(value) - span[0]) / (span[1] - span[0]),
  );
  return { categories: null, logarithmic, span, shares };
}

function categoryAxis(texts: readonly string[]): Scale {
  const categories = [...new Set(texts)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const last = Math.max(1, categories.length - 1);
  const shares = Float64Array.from(texts, (text) =>
    categories.length === 1 ? 0.5 : categories.indexOf(text) / last,
  );
  return { categories, logarithmic: false, span: [0, last], shares };
}

const FIRST_SETTINGS = 7;
const FIRST_METRICS = 2;
/** What is most wanted of a run, before anything else it measures. */
const WANTED = ['test/accuracy', 'dev/accuracy', 'test/root-mean-squared-error', 'test/loss', 'dev/loss'];
/** Say the same as others do, or nothing of what was trained. */
const TITLES = ['name', 'description', 'group'];

/** The axes drawn before the user chooses: settings that can be read, then the numbers most wanted, the best last. */
export function firstAxes(axes: readonly ParallelAxis[]): string[] {
  const settings = axes.filter(
    (axis) =>
      axis.kind === 'setting' &&
      !TITLES.includes(axis.id) &&
      (axis.categories?.length ?? 0) <= MOST_CATEGORIES &&
      spreads(axis),
  );
  const metrics = WANTED.filter((id) => axes.some((axis) => axis.id === id)).slice(0, FIRST_METRICS);
  const other = axes.find(({ kind }) => kind === 'metric');
  const last = metrics.length === 0 && other !== undefined ? [other.id] : metrics.reverse();
  return [...settings.slice(0, FIRST_SETTINGS).map(({ id }) => id), ...last];
}

/** Do runs stand at more than one place of it? One that some merely lack tells little. */
function spreads({ shares }: ParallelAxis): boolean {
  return new Set(shares.filter((share) => !Number.isNaN(share))).size > 1;
}

/** The curves a comparison begins with: accuracies and errors before losses, on dev where it was measured. */
export function firstCurve(curves: readonly string[]): string | null {
  return WANTED.find((curve) => curves.includes(curve)) ?? curves[0] ?? null;
}
