import type { SingleFigure } from '../../schema/figure.ts';
import type { RunId } from '../../schema/run.ts';
import { isLargerBetter, metricLabel } from './metric-text.ts';

type ParallelFigure = Extract<SingleFigure, { kind: 'parallel' }>;

/** A run or a point of a search: its settings and its result. */
export interface ParallelPoint {
  readonly label: string;
  readonly runIds: readonly RunId[];
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  readonly value: number | null;
}

/** Parallel coordinates over the settings named, the metric last; the best runs are the darkest. */
export function parallelFigure(
  points: readonly ParallelPoint[],
  settings: readonly string[],
  metric: string,
  title: string,
): ParallelFigure {
  const columns = settings.map((name) => settingAxis(name, points));
  const shares = rankShares(points, metric);
  return {
    kind: 'parallel',
    title,
    runIds: points.flatMap(({ runIds }) => runIds),
    axes: [...columns.map(({ axis }) => axis), { title: metricLabel(metric), categories: null, log: false }],
    lines: points.map((point, i) => ({
      label: point.label,
      values: [...columns.map(({ place }) => place(point)), point.value],
      colourShare: shares[i] ?? null,
    })),
  };
}

interface Column {
  readonly axis: ParallelFigure['axes'][number];
  readonly place: (point: ParallelPoint) => number | null;
}

/** Numbers over more than a factor of twenty are drawn on a log axis; words, and a handful of numbers, as categories. */
function settingAxis(name: string, points: readonly ParallelPoint[]): Column {
  const title = name.slice(name.lastIndexOf('.') + 1);
  const known = points.map(({ settings }) => settings[name] ?? null).filter((value) => value !== null);
  const numbers = known.filter((value) => typeof value === 'number');
  const distinct = [...new Set(known)];
  if (numbers.length === known.length && distinct.length > 6) {
    const log = Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) > 20;
    const place = ({ settings }: ParallelPoint): number | null => {
      const value = settings[name];
      return typeof value === 'number' ? value : null;
    };
    return { axis: { title, categories: null, log }, place };
  }
  const ordered = distinct.toSorted((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en'),
  );
  const place = ({ settings }: ParallelPoint): number | null => {
    const at = ordered.indexOf(settings[name] ?? '');
    return at < 0 ? null : at;
  };
  return { axis: { title, categories: ordered.map(String), log: false }, place };
}

/** 1 for the best, 0 for the worst, by rank. */
function rankShares(points: readonly ParallelPoint[], metric: string): (number | null)[] {
  const sign = isLargerBetter(metric) ? 1 : -1;
  const sorted = points
    .map(({ value }) => value)
    .filter((value) => value !== null)
    .sort((a, b) => sign * (a - b));
  const last = Math.max(1, sorted.length - 1);
  return points.map(({ value }) => (value === null ? null : sorted.indexOf(value) / last));
}
