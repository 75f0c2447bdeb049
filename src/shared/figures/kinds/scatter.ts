import type { FigureAxis, SingleFigure } from '../../schema/figure.ts';
import { drawPlot, planAxis, type PlotArea } from '../axes.ts';
import { printColour } from '../colours.ts';
import { SWATCH_WIDTH, type LegendEntry } from '../legend.ts';
import { marker, MARKER_SHAPES, type MarkerShape } from '../markers.ts';
import { makeScale } from '../scale.ts';
import { line, polyline, type Mark, type Stroke } from '../scene.ts';
import { guideLine, inkLine, plotHeight } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';

type ScatterFigure = Extract<SingleFigure, { kind: 'scatter' }>;
type Group = ScatterFigure['groups'][number];
type Guide = ScatterFigure['lines'][number];

/** Points in groups under guides such as "predicted = actual". Axes with the same limits make a square. */
export function drawScatter(figure: ScatterFigure, width: number): DrawnFigure {
  const { groups, lines } = figure;
  const x = makeScale(
    figure.x,
    [...groups, ...lines].flatMap((one) => one.x),
  );
  const y = makeScale(
    figure.y,
    [...groups, ...lines].flatMap((one) => one.y),
  );
  const radius = radiusFor(groups.reduce((sum, one) => sum + one.x.length, 0));
  const content = (area: PlotArea) => ({
    marks: [
      ...groups.flatMap((one) => pointMarks(one, area, radius)),
      ...lines.map((guide) => guideMark(guide, area)),
    ],
  });
  const body = drawPlot({
    width,
    x: planAxis(figure.x, x, width, 'x'),
    y: planAxis(figure.y, y, plotHeight(width), 'y'),
    square: haveSameLimits(figure.x, figure.y),
    content,
  });
  return { legend: [...groups.map(groupEntry), ...lines.map(guideEntry)], body };
}

/** Axes that are meant to be compared along the diagonal. */
export function haveSameLimits(x: FigureAxis, y: FigureAxis): boolean {
  return x.minimum !== null && x.minimum === y.minimum && x.maximum !== null && x.maximum === y.maximum;
}

/** Radius of so many points: smaller the more there are. */
export function radiusFor(count: number): number {
  return count > 2_000 ? 0.7 : count > 400 ? 1 : 1.5;
}

/** The group's own mark; circles of a second, third ... colour take the shape of their colour. */
function shapeOf({ mark, colour }: Group): MarkerShape {
  if (mark !== 'circle') return mark;
  return MARKER_SHAPES[colour % 3]!;
}

function pointMarks(one: Group, area: PlotArea, radius: number): Mark[] {
  const shade = printColour(one.colour);
  return one.x.flatMap((value, i) => {
    const at = { x: area.toX(value), y: area.toY(one.y[i] ?? Number.NaN) };
    if (!Number.isFinite(at.x) || !Number.isFinite(at.y)) return [];
    return [marker(shapeOf(one), at, shade, radius)];
  });
}

function strokeOf({ dashed }: Guide): Stroke {
  return dashed ? guideLine : inkLine;
}

function guideMark(guide: Guide, area: PlotArea): Mark {
  const points = guide.x.map((value, i) => ({ x: area.toX(value), y: area.toY(guide.y[i] ?? Number.NaN) }));
  return polyline(
    points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
    strokeOf(guide),
  );
}

function groupEntry(one: Group): LegendEntry {
  const middle = { x: SWATCH_WIDTH - 4, y: 0 };
  return { label: one.label, swatch: [marker(shapeOf(one), middle, printColour(one.colour))] };
}

function guideEntry(guide: Guide): LegendEntry {
  const swatch = [line({ x: 0, y: 0 }, { x: SWATCH_WIDTH, y: 0 }, strokeOf(guide))];
  return { label: guide.label, swatch };
}
