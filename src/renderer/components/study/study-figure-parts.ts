import { axis } from '../../../shared/figures/builders/axis.ts';
import type { FigureAxis, SingleFigure } from '../../../shared/schema/figure.ts';
import { valueAtShare } from '../../charts/plot/plot-axes.ts';
import type { ParallelAxis } from '../../state/compare-axes.ts';
import { objectiveAxisId } from '../../state/study-axes.ts';
import type { StudyExplorer } from '../../state/study-explorer.svelte.ts';
import { isShareMetric } from '../../text/format.ts';
import { plotAxis } from './plot-axis.ts';

/** Points of one look in a scatter plot. */
export type PointGroup = Extract<SingleFigure, { kind: 'scatter' }>['groups'][number];

/** The axis in print: percentages are written by the figure, so the title goes without their sign. */
export function printAxis(of: ParallelAxis): FigureAxis {
  const { title } = plotAxis({ ...of, metric: null });
  const percent = of.metric !== null && isShareMetric(of.metric);
  return axis(title, {
    scale: of.logarithmic ? 'log' : 'linear',
    percent,
    categories: listOf(of.categories),
  });
}

/** A copy of an axis's words. */
export const listOf = (words: readonly string[] | null): string[] | null =>
  words === null ? null : [...words];

/** A trial's value on an axis, the place of a word; null where it has none. */
export function valueOf(of: ParallelAxis, trial: number): number | null {
  const share = of.shares[trial] ?? Number.NaN;
  if (Number.isNaN(share)) return null;
  if (of.categories !== null) return Math.round(share * of.span[1]);
  return valueAtShare(plotAxis(of), share);
}

/** The axis of an objective, 0 for the first. */
export function objectiveAxis(explorer: StudyExplorer, objective: number): ParallelAxis {
  return explorer.axes.find(({ id }) => id === objectiveAxisId(objective))!;
}

/** Numbers of the trials that every brush keeps. */
export function keptTrials(explorer: StudyExplorer): number[] {
  return explorer.kept.flatMap((kept, trial) => (kept ? [trial] : []));
}

/** Where a trial lies on an axis; null for nowhere. */
export type Coordinate = (trial: number) => number | null;

/** Those of some trials that have a place on both axes. */
export function pointsOf(
  trials: readonly number[],
  x: Coordinate,
  y: Coordinate,
): Pick<PointGroup, 'x' | 'y'> {
  const points = trials.flatMap((trial) => {
    const [across, up] = [x(trial), y(trial)];
    return across === null || up === null ? [] : [[across, up] as const];
  });
  return { x: points.map(([across]) => across), y: points.map(([, up]) => up) };
}

/** A line that keeps its height until the next point. */
export function stepped(x: readonly number[], y: readonly number[]): { x: number[]; y: number[] } {
  const corners = x.flatMap((across, i) =>
    i === 0
      ? [[across, y[0]!]]
      : [
          [across, y[i - 1]!],
          [across, y[i]!],
        ],
  );
  return { x: corners.map(([across]) => across!), y: corners.map(([, up]) => up!) };
}
