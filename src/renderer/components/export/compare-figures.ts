import { axis } from '../../../shared/figures/builders/axis.ts';
import { parallelFigure } from '../../../shared/figures/builders/parallel.ts';
import { settingsTable } from '../../../shared/figures/builders/tables.ts';
import { isShareMetric, metricLabel, writeSpread } from '../../../shared/figures/builders/metric-text.ts';
import type { ComparedRun, RunGroup } from '../../../shared/schema/comparison.ts';
import type { FigureSpec, SingleFigure, TableSpec } from '../../../shared/schema/figure.ts';
import type { OverlayLine } from '../../charts/overlay/overlay-lines.ts';

type Lines = Extract<SingleFigure, { kind: 'lines' }>;

const STYLES = { train: 'dashed', dev: 'solid', test: 'solid' } as const;
/** NaN leaves a gap. */
const numbers = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));

/** Overlaid curves as they are shown: smoothed ones over the raw line, means within their band. */
export function overlayFigure(
  lines: readonly OverlayLine[],
  metric: string,
  xTitle: string,
  logarithmic: boolean,
  runIds: readonly string[],
): Lines {
  const colours = new Map([...new Set(lines.map(({ key }) => key))].map((key, i) => [key, i]));
  const several = new Set(lines.map(({ split }) => split)).size > 1;
  return {
    kind: 'lines',
    title: metricLabel(metric),
    runIds: [...runIds],
    x: axis(xTitle),
    y: axis(metricLabel(metric), {
      percent: isShareMetric(metric),
      scale: logarithmic ? 'log' : 'linear',
    }),
    series: lines.flatMap((line) => linesOf(line, colours.get(line.key) ?? 0, several)),
  };
}

function linesOf(line: OverlayLine, colour: number, several: boolean): Lines['series'] {
  const x = numbers(line.x);
  const band = line.band && { low: numbers(line.band.low), high: numbers(line.band.high) };
  const label = several ? `${line.label}, ${line.split}` : line.label;
  const isLone = line.y.length === 1;
  const style = isLone ? ('markers' as const) : STYLES[line.split];
  const shown = { label, x, y: numbers(line.y), style, colour, band };
  if (line.raw === null) return [shown];
  return [{ ...shown, y: numbers(line.raw), style: 'faint', band: null }, shown];
}

/** Parallel coordinates of runs over the settings in which they differ, and one of their numbers. */
export function runsParallelFigure(
  runs: readonly ComparedRun[],
  fields: readonly string[],
  curve: string | null,
): FigureSpec | null {
  if (curve === null || runs.length === 0) return null;
  const points = runs.map(({ summary, settings, final }) => ({
    label: summary.name,
    runIds: [summary.id],
    settings,
    value: final[curve] ?? null,
  }));
  const metric = curve.slice(curve.indexOf('/') + 1);
  return parallelFigure(points, fields, metric, 'Settings and results');
}

/** The table of settings that differ. */
export function runsTable(
  runs: readonly ComparedRun[],
  fields: readonly string[],
  curves: readonly string[],
): TableSpec {
  const rows = runs.map(({ summary, settings, final }) => ({
    label: `${summary.name} (seed ${summary.seed})`,
    runIds: [summary.id],
    settings,
    values: final,
  }));
  return settingsTable(rows, fields, curves, 'Settings that differ');
}

/** Groups with mean, spread and interval over their seeds. */
export function groupsTable(groups: readonly RunGroup[], curve: string): TableSpec {
  const metric = curve.slice(curve.indexOf('/') + 1);
  const unit = isShareMetric(metric) ? ' (%)' : '';
  return {
    title: `${metricLabel(metric)} on ${curve.slice(0, curve.indexOf('/'))}`,
    runIds: groups.flatMap(({ runIds }) => runIds),
    columns: [
      { title: 'Group', align: 'left' },
      { title: 'n', align: 'right' },
      { title: `Mean ± sd${unit}`, align: 'right' },
      { title: `95 % interval${unit}`, align: 'right' },
    ],
    rows: groups.map(({ label, count, mean, standardDeviation, interval }) => [
      label,
      String(count),
      writeSpread(metric, mean, standardDeviation),
      interval === null ? null : interval.map((end) => writeSpread(metric, end, null)).join(' to '),
    ]),
  };
}
