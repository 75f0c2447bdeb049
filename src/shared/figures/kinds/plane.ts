import { contours } from 'd3-contour';
import type { SingleFigure } from '../../schema/figure.ts';
import { drawPlot, frame, planAxis, type PlotArea } from '../axes.ts';
import { blend, mapColour, printColour } from '../colours.ts';
import { SWATCH_WIDTH, type LegendEntry } from '../legend.ts';
import { hollowMarker, marker, type MarkerShape } from '../markers.ts';
import { scaleBarMarks, scaleBarWidth, type ScaleBar } from '../scale-bar.ts';
import { extentOf, makeScale } from '../scale.ts';
import type { Mark, PathMark, Point, Stroke } from '../scene.ts';
import { inkLine, print } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';

type PlaneFigure = Extract<SingleFigure, { kind: 'plane' }>;
type Split = PlaneFigure['points'][number]['split'];

/** Steps of certainty, each a little stronger than the one before. */
const MARGINS = [0, 0.5, 0.9];
const TINT = 0.16;
const LEVELS = 12;
/** Largest side; wider figures leave room on the right. */
const LARGEST_SIDE = 210;

/** A decision boundary: each class's area in its tint, darker where the net is surer; or the levels of a prediction. */
export function drawPlane(figure: PlaneFigure, width: number): DrawnFigure {
  const isClass = figure.classes.length > 0;
  const extent = extentOf(isClass ? [] : channelOf(figure, 0)) ?? [0, 1];
  const bar: ScaleBar | null = isClass ? null : { map: 'viridis', minimum: extent[0], maximum: extent[1] };
  const right = bar === null ? 2 : scaleBarWidth(bar);
  const x = makeScale(
    figure.x,
    figure.points.map((point) => point.x),
    { nice: false },
  );
  const y = makeScale(
    figure.y,
    figure.points.map((point) => point.y),
    { nice: false },
  );
  const body = drawPlot({
    width,
    x: planAxis(figure.x, x, Math.min(width, LARGEST_SIDE), 'x'),
    y: planAxis(figure.y, y, Math.min(width, LARGEST_SIDE), 'y'),
    square: true,
    right,
    content: (area) => ({
      marks: [
        ...(isClass ? classAreas(figure, area) : levelAreas(figure, area, extent)),
        ...pointMarks(figure, area),
      ],
      above: [frame(area), ...(bar === null ? [] : scaleBarMarks(bar, area))],
    }),
  });
  return { legend: legendOf(figure), body };
}

/** One channel as plain numbers, [side (y), side (x)] flat. */
function channelOf({ values, side, channels }: PlaneFigure, channel: number): number[] {
  return Array.from({ length: side * side }, (_, at) => values[at * channels + channel] ?? 0);
}

/** By how much a class's probability is above that of every other; it is chosen where this is positive. */
function marginOf({ values, side, channels }: PlaneFigure, label: number): number[] {
  return Array.from({ length: side * side }, (_, at) => {
    let rival = channels === 1 ? 0.5 : -Infinity;
    for (let channel = 0; channel < channels; channel++)
      if (channel !== label) rival = Math.max(rival, values[at * channels + channel] ?? 0);
    return (values[at * channels + label] ?? 0) - rival;
  });
}

/** Where the grid is at or above a level, as areas with holes. */
function areaAbove(grid: number[], level: number, side: number, area: PlotArea): readonly Point[][] {
  const [found] = contours().size([side, side]).thresholds([level])(grid);
  // d3-contour puts the grid's points at half numbers.
  const along = (at: number): number => (at - 0.5) / (side - 1);
  return (found?.coordinates ?? []).flat().map((ring) =>
    ring.map(([column = 0, row = 0]) => ({
      x: area.x + along(column) * area.width,
      y: area.y + area.height - along(row) * area.height,
    })),
  );
}

function areaMark(
  lines: readonly Point[][],
  colour: string,
  opacity: number,
  stroke: Stroke | null,
): PathMark {
  return { kind: 'path', lines, closed: true, fill: { colour, opacity }, stroke };
}

function classAreas(figure: PlaneFigure, area: PlotArea): Mark[] {
  return figure.classes.flatMap((_, label) => {
    const grid = marginOf(figure, label);
    return MARGINS.map((level) =>
      areaMark(
        areaAbove(grid, level, figure.side, area),
        printColour(label),
        TINT,
        level === 0 ? inkLine : null,
      ),
    );
  });
}

function levelAreas(figure: PlaneFigure, area: PlotArea, [low, high]: readonly [number, number]): Mark[] {
  const grid = channelOf(figure, 0);
  return Array.from({ length: LEVELS }, (_, i) => {
    const level = low + (i / LEVELS) * (high - low);
    return areaMark(
      areaAbove(grid, level, figure.side, area),
      mapColour('viridis', (i + 0.5) / LEVELS),
      1,
      null,
    );
  });
}

/** Each class has its shape as well as its colour; test points are outlines. */
const CLASS_SHAPES: readonly MarkerShape[] = ['circle', 'square', 'triangle', 'diamond'];

function pointMark(figure: PlaneFigure, at: Point, label: number, split: Split, radius?: number): Mark {
  const draw = split === 'test' ? hollowMarker : marker;
  return draw(CLASS_SHAPES[label % CLASS_SHAPES.length] ?? 'circle', at, shadeOf(figure, label), radius);
}

function shadeOf({ classes }: PlaneFigure, label: number): string {
  return classes.length === 0 ? print.ink : blend('#000000', printColour(label), 0.15);
}

function radiusFor(count: number): number {
  return count > 1_500 ? 0.7 : count > 400 ? 1 : 1.5;
}

function pointMarks(figure: PlaneFigure, area: PlotArea): Mark[] {
  const radius = radiusFor(figure.points.length);
  return figure.points.map(({ x, y, label, split }) =>
    pointMark(figure, { x: area.toX(x), y: area.toY(y) }, label, split, radius),
  );
}

function legendOf(figure: PlaneFigure): LegendEntry[] {
  const splits = (['train', 'dev', 'test'] as const).filter((split) =>
    figure.points.some((point) => point.split === split),
  );
  if (figure.classes.length === 0) return [];
  return figure.classes.flatMap((name, label) => {
    const own = splits.filter((split) =>
      figure.points.some((point) => point.label === label && point.split === split),
    );
    return own.map((split) => ({
      label: splits.length > 1 ? `${name}, ${split}` : name,
      swatch: [pointMark(figure, { x: SWATCH_WIDTH - 4, y: 0 }, label, split)],
    }));
  });
}
