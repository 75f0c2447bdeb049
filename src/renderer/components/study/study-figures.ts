import { axis } from '../../../shared/figures/builders/axis.ts';
import { comparisonCurvesFigure } from '../../../shared/figures/builders/comparison-curves.ts';
import type { ContourGrid } from '../../../shared/figures/contour-areas.ts';
import type { FigureSpec, SingleFigure } from '../../../shared/schema/figure.ts';
import type { FoldResult } from '../../../shared/schema/study.ts';
import { valueAtShare } from '../../charts/plot/plot-axes.ts';
import type { ParallelAxis } from '../../state/compare-axes.ts';
import { objectiveTitle } from '../../state/study-axes.ts';
import type { StudyExplorer } from '../../state/study-explorer.svelte.ts';
import type { ParameterImportance } from '../../state/study-importance.svelte.ts';
import { distributionOf } from '../../state/study-rank.ts';
import { TRIAL_STATES } from '../../state/trial-text.ts';
import { plotAxis, timeUnit } from './plot-axis.ts';
import {
  keptTrials,
  listOf,
  objectiveAxis,
  pointsOf,
  printAxis,
  stepped,
  valueOf,
  type Coordinate,
  type PointGroup,
} from './study-figure-parts.ts';

/** Trials told apart by their rank; more shades than these have no shape of their own in print. */
const QUARTERS = ['Best quarter', 'Second quarter', 'Third quarter', 'Worst quarter'] as const;

/** The first objective of each kept trial in the order they were drawn, under the best so far. */
export function historyFigure(explorer: StudyExplorer): FigureSpec | null {
  const value = objectiveAxis(explorer, 0);
  const points = pointsOf(
    keptTrials(explorer),
    (trial) => trial,
    (trial) => valueOf(value, trial),
  );
  const ended = Array.from(explorer.bestSoFar).flatMap((best, trial) => (Number.isNaN(best) ? [] : [trial]));
  if (points.x.length === 0) return null;
  return {
    kind: 'scatter',
    title: 'Optimisation history',
    runIds: [],
    x: axis('Trial'),
    y: printAxis(value),
    groups: [{ label: 'Trial', ...points, colour: 0, mark: 'circle' }],
    lines: [
      {
        label: 'Best so far',
        ...stepped(
          ended,
          ended.map((trial) => explorer.bestSoFar[trial]!),
        ),
        dashed: false,
      },
    ],
  };
}

/** How much each parameter matters by both methods. */
export function importanceFigure(parameters: readonly ParameterImportance[]): FigureSpec | null {
  if (parameters.length === 0) return null;
  const methods = [
    { label: 'fANOVA', values: parameters.map(({ fanova }) => fanova) },
    { label: 'Mean difference', values: parameters.map(({ meanDifference }) => meanDifference) },
  ];
  return {
    kind: 'bars',
    title: 'Importance of the parameters',
    runIds: [],
    categories: parameters.map(({ name }) => name),
    y: axis('Importance', { percent: true, minimum: 0 }),
    groups: methods.map((method, colour) => ({ ...method, colour })),
  };
}

/** The axes drawn, a line per kept trial; the best are the darkest. */
export function trialsParallelFigure(explorer: StudyExplorer): FigureSpec | null {
  const { drawnAxes, ranks } = explorer;
  const trials = keptTrials(explorer);
  if (trials.length === 0 || drawnAxes.length === 0) return null;
  return {
    kind: 'parallel',
    title: 'Parameters and results',
    runIds: [],
    axes: drawnAxes.map((of) => ({
      title: plotAxis({ ...of, metric: null }).title,
      categories: listOf(of.categories),
      log: of.logarithmic,
    })),
    lines: trials.map((trial) => ({
      label: `Trial ${trial}`,
      values: drawnAxes.map((of) => valueOf(of, trial)),
      colourShare: Number.isNaN(ranks[trial]!) ? null : 1 - ranks[trial]!,
    })),
  };
}

/** The first objective over each parameter alone, a panel per parameter. */
export function slicesFigure(explorer: StudyExplorer): FigureSpec | null {
  const value = objectiveAxis(explorer, 0);
  const trials = keptTrials(explorer);
  const figures = explorer.axes
    .filter(({ kind }) => kind === 'setting')
    .map((of): SingleFigure => {
      const points = pointsOf(
        trials,
        (trial) => valueOf(of, trial),
        (trial) => valueOf(value, trial),
      );
      return {
        kind: 'scatter',
        title: of.title,
        runIds: [],
        x: printAxis(of),
        y: printAxis(value),
        groups: [{ label: 'Trial', ...points, colour: 0, mark: 'circle' }],
        lines: [],
      };
    });
  if (figures.length === 0) return null;
  return { kind: 'panels', title: 'Slices', runIds: [], columns: Math.min(3, figures.length), figures };
}

/** The mean near each place over two parameters, under the kept trials that have a value. */
export function contourFigure(
  explorer: StudyExplorer,
  first: ParallelAxis,
  second: ParallelAxis,
  { grid, bands }: { readonly grid: ContourGrid; readonly bands: number },
): FigureSpec {
  const ends = (of: ParallelAxis) =>
    of.categories !== null
      ? {}
      : { minimum: valueAtShare(plotAxis(of), 0), maximum: valueAtShare(plotAxis(of), 1) };
  const value = objectiveAxis(explorer, 0);
  const title = `Mean ${objectiveTitle(explorer.objective)}`;
  return {
    kind: 'contour',
    title,
    runIds: [],
    x: { ...printAxis(first), ...ends(first) },
    y: { ...printAxis(second), ...ends(second) },
    value: title,
    bands,
    side: grid.size,
    values: Float32Array.from(grid.cells),
    points: pointsOf(
      keptTrials(explorer).filter((trial) => valueOf(value, trial) !== null),
      (trial) => valueOf(first, trial),
      (trial) => valueOf(second, trial),
    ),
  };
}

/** Every kept trial over two parameters, in four groups by its rank. */
export function rankFigure(explorer: StudyExplorer, first: ParallelAxis, second: ParallelAxis): FigureSpec {
  const quarterOf = (trial: number) => Math.min(3, Math.floor(4 * explorer.ranks[trial]!));
  const trials = keptTrials(explorer);
  return {
    kind: 'scatter',
    title: `Rank by ${objectiveTitle(explorer.objective)}`,
    runIds: [],
    x: printAxis(first),
    y: printAxis(second),
    groups: QUARTERS.map((label, quarter) => ({
      label,
      ...pointsOf(
        trials.filter((trial) => quarterOf(trial) === quarter),
        (trial) => valueOf(first, trial),
        (trial) => valueOf(second, trial),
      ),
      colour: quarter,
      mark: 'circle',
    })),
    lines: [],
  };
}

/** Share of the trials at or below each value, of all and of those kept. */
export function distributionFigure(explorer: StudyExplorer): FigureSpec {
  const value = objectiveAxis(explorer, 0);
  const seriesOf = (label: string, colour: number, keeps: (trial: number) => boolean) => {
    const { x, y } = distributionOf(value.shares.filter((_, trial) => keeps(trial)));
    const values = Array.from(x, (share) => valueAtShare(plotAxis(value), share));
    return { label, ...stepped(values, Array.from(y)), style: 'solid' as const, colour, band: null };
  };
  const all = seriesOf('All trials', 0, () => true);
  const some = seriesOf('Trials kept', 1, (trial) => explorer.kept[trial] === true);
  return {
    kind: 'lines',
    title: 'Empirical distribution',
    runIds: [],
    x: printAxis(value),
    y: axis('Trials at or below', { percent: true, minimum: 0, maximum: 1 }),
    series: explorer.brushes.size === 0 ? [all] : [all, some],
  };
}

/** Both objectives of every kept trial, and the front of those that no other beats in both. */
export function paretoFigure(explorer: StudyExplorer): FigureSpec {
  const [first, second] = [objectiveAxis(explorer, 0), objectiveAxis(explorer, 1)];
  const place = (trials: readonly number[]) =>
    pointsOf(
      trials,
      (trial) => valueOf(first, trial),
      (trial) => valueOf(second, trial),
    );
  const onFront = new Set(explorer.front);
  const others = keptTrials(explorer).filter((trial) => !onFront.has(trial));
  const front = place(explorer.front);
  return {
    kind: 'scatter',
    title: 'Pareto front',
    runIds: [],
    x: printAxis(first),
    y: printAxis(second),
    groups: [
      { label: 'Trial', ...place(others), colour: 0, mark: 'circle' },
      { label: 'On the front', ...front, colour: 1, mark: 'diamond' },
    ],
    lines: [{ label: 'Pareto front', ...stepped(front.x, front.y), dashed: false }],
  };
}

/** When each kept trial ended, by how it did. */
export function timelineFigure(explorer: StudyExplorer): FigureSpec | null {
  const { started, ended } = explorer.columns;
  const times = [...started, ...ended].filter((time) => !Number.isNaN(time));
  if (times.length === 0) return null;
  const from = times.reduce((least, time) => Math.min(least, time));
  const unit = timeUnit(times.reduce((most, time) => Math.max(most, time)) - from);
  const endOf: Coordinate = (trial) =>
    Number.isNaN(ended[trial]!) ? null : (ended[trial]! - from) / unit.ms;
  const groups = TRIAL_STATES.map((state, colour): PointGroup => {
    const trials = keptTrials(explorer).filter((trial) => explorer.columns.stateOf(trial) === state);
    return { label: state, ...pointsOf(trials, endOf, (trial) => trial), colour, mark: 'circle' };
  });
  return {
    kind: 'scatter',
    title: 'When trials ended',
    runIds: [],
    x: axis(`Time since the first trial (${unit.unit})`),
    y: axis('Trial'),
    groups: groups.filter((group) => group.x.length > 0),
    lines: [],
  };
}

/** The learning curves of some trials, each the mean over its nets within its 95 % interval. */
export function trialCurvesFigure(
  trials: readonly { readonly trial: number; readonly folds: readonly FoldResult[] }[],
  metric: string,
  logarithmic: boolean,
): FigureSpec | null {
  const groups = trials.map(({ trial, folds }) => ({
    label: `Trial ${trial}`,
    runIds: [],
    series: folds
      .filter(({ curve }) => curve.length > 0)
      .map(({ curve }) => ({
        split: 'dev' as const,
        metric,
        epochs: curve.map(([epoch]) => epoch),
        steps: curve.map(([epoch]) => epoch),
        values: curve.map(([, value]) => value),
      })),
  }));
  const drawn = groups.filter(({ series }) => series.length > 0);
  if (drawn.length === 0) return null;
  return comparisonCurvesFigure(drawn, { title: 'Intermediate values', metric, logarithmic });
}
