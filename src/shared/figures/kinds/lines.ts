import type { SingleFigure } from '../../schema/figure.ts';
import { drawPlot, planAxis, yTickCount, type PlotArea } from '../axes.ts';
import { blend, printColour } from '../colours.ts';
import { SWATCH_WIDTH, type LegendEntry } from '../legend.ts';
import { marker, markerOf, type MarkerShape } from '../markers.ts';
import { makeScale } from '../scale.ts';
import { line, polygon, polyline, type Mark, type Point, type Stroke } from '../scene.ts';
import { plotHeight, print } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';

type LinesFigure = Extract<SingleFigure, { kind: 'lines' }>;
type Series = LinesFigure['series'][number];

/** Markers along a line that tell it from others without colour. */
const MARKERS_PER_LINE = 6;
/** Markers of a series that is nothing but markers. */
const MOST_MARKERS = 40;
const FAINT = 0.3;

/** Curves: train dashed and thinner, dev solid, test as markers; bands under all of them. */
export function drawLines(figure: LinesFigure, width: number): DrawnFigure {
  const { series } = figure;
  const places = series.flatMap(({ x }) => x);
  const whole = places.every((x) => x === null || Number.isInteger(x));
  const heights = series.flatMap(({ y, band }) => (band === null ? y : [...y, ...band.low, ...band.high]));
  const x = makeScale(figure.x, places, { nice: false, whole });
  const y = makeScale(figure.y, heights, { count: yTickCount(plotHeight(width)) });
  const shapes = shapesOf(series);
  const content = (area: PlotArea) => ({
    marks: [
      ...series.flatMap((one) => bandMarks(one, area)),
      ...series.flatMap((one) => lineMarks(one, area)),
    ],
    above: series.flatMap((one) => markerMarks(one, area, shapes)),
  });
  const body = drawPlot({
    width,
    x: planAxis(figure.x, x, width, 'x'),
    y: planAxis(figure.y, y, plotHeight(width), 'y'),
    grid: true,
    content,
  });
  return { legend: legendOf(series, shapes), body };
}

/** By colour the shape that goes with it; empty where one colour needs no telling apart. */
function shapesOf(series: readonly Series[]): ReadonlyMap<number, MarkerShape> {
  const colours = [...new Set(series.map(({ colour }) => colour))];
  return colours.length < 2 ? new Map() : new Map(colours.map((colour) => [colour, markerOf(colour)]));
}

function strokeOf({ style, colour }: Series): Stroke {
  const shade = printColour(colour);
  if (style === 'dashed') return { colour: shade, width: print.thinWidth + 0.1, dash: [3, 1.8] };
  if (style === 'faint') return { colour: blend(shade, print.ground, FAINT), width: print.thinWidth };
  return { colour: shade, width: print.lineWidth + 0.25 };
}

/** Unbroken stretches of places; what was not measured, and what a log axis cannot show, ends one. */
function stretches(xs: Series['x'], ys: Series['y'], area: PlotArea): Point[][] {
  const found: Point[][] = [];
  let open: Point[] | null = null;
  xs.forEach((x, i) => {
    const y = ys[i] ?? null;
    const place = x === null || y === null ? null : { x: area.toX(x), y: area.toY(y) };
    if (place === null || !Number.isFinite(place.x) || !Number.isFinite(place.y)) open = null;
    else if (open === null) found.push((open = [place]));
    else open.push(place);
  });
  return found;
}

function bandMarks({ x, band, colour }: Series, area: PlotArea): Mark[] {
  if (band === null) return [];
  const isWhole = (i: number): boolean => (band.low[i] ?? null) !== null && (band.high[i] ?? null) !== null;
  const kept = x.map((place, i) => (isWhole(i) ? place : null));
  const lows = stretches(kept, band.low, area);
  const highs = stretches(kept, band.high, area);
  const fill = { colour: printColour(colour), opacity: 0.18 };
  return lows.map((low, i) => polygon([...low, ...(highs[i] ?? []).toReversed()], fill));
}

function lineMarks(series: Series, area: PlotArea): Mark[] {
  if (series.style === 'markers') return [];
  const stroke = strokeOf(series);
  return stretches(series.x, series.y, area).map((points) =>
    points.length === 1 ? marker('circle', points[0]!, stroke.colour, 1.2) : polyline(points, stroke),
  );
}

function markerMarks(series: Series, area: PlotArea, shapes: ReadonlyMap<number, MarkerShape>): Mark[] {
  if (series.style === 'faint') return [];
  const isInside = ({ y }: Point): boolean => y >= area.y - 0.5 && y <= area.y + area.height + 0.5;
  const points = stretches(series.x, series.y, area).flat().filter(isInside);
  const shade = printColour(series.colour);
  const shape = shapes.get(series.colour);
  if (series.style === 'markers') {
    return thinned(points, MOST_MARKERS).map((at) => marker(shape ?? 'diamond', at, shade));
  }
  if (shape === undefined || series.style === 'dashed') return [];
  // Each colour begins elsewhere, so that curves which run together show all of their markers.
  return thinned(points, MARKERS_PER_LINE, series.colour).map((at) => marker(shape, at, shade, 1.5));
}

/** At most so many of the points, evenly, the last always unless it is shifted. */
function thinned(points: readonly Point[], count: number, shift = 0): Point[] {
  const stride = Math.ceil(points.length / count);
  const offset = stride > 1 ? (shift * 2) % stride : 0;
  return points.filter((_, i) => (points.length - 1 - i) % stride === offset);
}

function legendOf(series: readonly Series[], shapes: ReadonlyMap<number, MarkerShape>): LegendEntry[] {
  return series
    .filter(({ style }) => style !== 'faint')
    .map((one) => ({ label: one.label, swatch: swatchOf(one, shapes.get(one.colour)) }));
}

function swatchOf(series: Series, shape: MarkerShape | undefined): Mark[] {
  const middle = { x: SWATCH_WIDTH / 2, y: 0 };
  const shade = printColour(series.colour);
  if (series.style === 'markers') return [marker(shape ?? 'diamond', middle, shade)];
  const stretch = line({ x: 0, y: 0 }, { x: SWATCH_WIDTH, y: 0 }, strokeOf(series));
  const isMarked = shape !== undefined && series.style === 'solid';
  return isMarked ? [stretch, marker(shape, middle, shade, 1.5)] : [stretch];
}
