import type { FigureSpec } from '../../schema/figure.ts';
import type { RunId } from '../../schema/run.ts';
import { axis } from './axis.ts';
import type { LinesFigure } from './curves.ts';
import { isShareMetric, metricLabel } from './metric-text.ts';

/** One point of a sweep: its settings by name, in one order for all, and what it came to. */
export interface SweepPoint {
  readonly settings: Readonly<Record<string, string | number>>;
  readonly runIds: readonly RunId[];
  readonly value: number;
}

/**
 * A panel per setting. Points that share all but that setting are joined by a faint line, so that what the setting does
 * when the others are held can be seen; the mean over them is drawn on top.
 */
export function sweepFigure(points: readonly SweepPoint[], metric: string, title: string): FigureSpec | null {
  const names = settingNames(points);
  const runIds = points.flatMap((point) => point.runIds);
  const figures = names.map((name) => settingPanel(points, name, metric, runIds));
  const [first] = figures;
  if (first === undefined) return null;
  if (figures.length === 1) return { ...first, title };
  return { kind: 'panels', title, runIds, columns: Math.min(3, figures.length), figures };
}

/** Settings with more than one value. */
export function settingNames(points: readonly SweepPoint[]): string[] {
  const names = Object.keys(points[0]?.settings ?? {});
  return names.filter((name) => new Set(points.map(({ settings }) => settings[name])).size > 1);
}

function settingPanel(
  points: readonly SweepPoint[],
  name: string,
  metric: string,
  runIds: readonly RunId[],
): LinesFigure {
  const values = orderedValues(points, name);
  const place = (point: SweepPoint): number => values.indexOf(point.settings[name] ?? '');
  const groups = [...groupBy(points, (point) => othersKey(point, name)).values()];
  const lines = groups.map((group) => {
    const sorted = group.toSorted((a, b) => place(a) - place(b));
    return {
      label: othersLabel(sorted[0], name),
      x: sorted.map(place),
      y: sorted.map(({ value }) => value),
      style: 'faint' as const,
      colour: 0,
      band: null,
    };
  });
  return {
    kind: 'lines',
    title: name,
    runIds: [...runIds],
    x: axis(name, { categories: values.map(String) }),
    y: axis(metricLabel(metric), { percent: isShareMetric(metric) }),
    series: [...lines, meanLine(points, values, name)],
  };
}

function meanLine(
  points: readonly SweepPoint[],
  values: readonly (string | number)[],
  name: string,
): LinesFigure['series'][number] {
  const means = values.map((value) => {
    const own = points.filter(({ settings }) => settings[name] === value);
    return own.reduce((sum, point) => sum + point.value, 0) / Math.max(1, own.length);
  });
  return { label: 'mean', x: values.map((_, i) => i), y: means, style: 'solid', colour: 1, band: null };
}

/** Numbers by size, names in the order they come. */
function orderedValues(points: readonly SweepPoint[], name: string): (string | number)[] {
  const values = [...new Set(points.map(({ settings }) => settings[name] ?? ''))];
  return values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values;
}

function othersKey({ settings }: SweepPoint, name: string): string {
  return JSON.stringify(Object.entries(settings).filter(([key]) => key !== name));
}

function othersLabel(point: SweepPoint | undefined, name: string): string {
  return Object.entries(point?.settings ?? {})
    .filter(([key]) => key !== name)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
