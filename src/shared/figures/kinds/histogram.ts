import type { SingleFigure } from '../../schema/figure.ts';
import { drawPlot, planAxis, type AxisPlan, type PlotArea } from '../axes.ts';
import { mapColour, printColour } from '../colours.ts';
import { boxSwatch } from '../legend.ts';
import { makeScale } from '../scale.ts';
import { polygon, polyline, text, type Mark, type Point } from '../scene.ts';
import { textWidth } from '../text-width.ts';
import { plotHeight, print } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';

type HistogramFigure = Extract<SingleFigure, { kind: 'histogram' }>;
type Layer = HistogramFigure['layers'][number];

/** More layers than this are coloured in order, from dark to light, not each on its own. */
const OWN_COLOURS = 6;
/** How many rows high the highest of the layers above one another is. */
const OVERLAP = 2.5;

/** Shares of the numbers per step, so that layers of unlike bins can be compared. */
interface Densities {
  readonly layer: Layer;
  readonly step: number;
  readonly heights: readonly number[];
}

/** Histograms one above the other, or over one another. */
export function drawHistogram(figure: HistogramFigure, width: number): DrawnFigure {
  const densities = figure.layers.map(toDensities);
  return figure.mode === 'offset' && densities.length > 1
    ? drawOffset(figure, densities, width)
    : drawOverlay(figure, densities, width);
}

function toDensities(layer: Layer): Densities {
  const total = layer.counts.reduce((sum, count) => sum + count, 0);
  const span = layer.maximum - layer.minimum;
  const step = (span > 0 ? span : 1) / Math.max(1, layer.counts.length);
  return { layer, step, heights: layer.counts.map((count) => (total === 0 ? 0 : count / total / step)) };
}

function xAxisOf(figure: HistogramFigure, width: number): AxisPlan {
  const ends = figure.layers.flatMap(({ minimum, maximum }) => [minimum, maximum]);
  return planAxis(figure.x, makeScale(figure.x, ends, { nice: false }), width, 'x');
}

function colourAt(index: number, count: number): string {
  return count <= OWN_COLOURS ? printColour(index) : mapColour('viridis', (0.92 * index) / (count - 1));
}

/** The outline of the steps, from the foot of the first to the foot of the last. */
function outline(
  { layer, step, heights }: Densities,
  toX: PlotArea['toX'],
  toY: (density: number) => number,
): Point[] {
  const points = heights.flatMap((height, i) => [
    { x: toX(layer.minimum + i * step), y: toY(height) },
    { x: toX(layer.minimum + (i + 1) * step), y: toY(height) },
  ]);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [{ x: first.x, y: toY(0) }, ...points, { x: last.x, y: toY(0) }];
}

function drawOverlay(figure: HistogramFigure, densities: readonly Densities[], width: number): DrawnFigure {
  const axis = {
    title: 'Density',
    scale: 'linear',
    percent: false,
    minimum: 0,
    maximum: null,
    categories: null,
  } as const;
  const y = makeScale(
    axis,
    densities.flatMap(({ heights }) => heights),
  );
  const count = densities.length;
  const content = (area: PlotArea) => ({
    marks: densities.flatMap((one, i) => {
      const colour = colourAt(i, count);
      const points = outline(one, area.toX, area.toY);
      return [
        polygon(points, { colour, opacity: count === 1 ? 0.45 : 0.15 }),
        polyline(points, { colour, width: print.lineWidth, dash: i % 2 === 1 ? [3, 1.5] : undefined }),
      ];
    }),
  });
  const body = drawPlot({
    width,
    x: xAxisOf(figure, width),
    y: planAxis(axis, y, plotHeight(width), 'y'),
    content,
  });
  const legend = densities.map(({ layer }, i) => ({
    label: layer.label,
    swatch: boxSwatch(colourAt(i, count), print.ink),
  }));
  return { legend, body };
}

function drawOffset(figure: HistogramFigure, densities: readonly Densities[], width: number): DrawnFigure {
  const count = densities.length;
  const row = Math.max(2.5, Math.min(14, (plotHeight(width) * 1.15) / (count + OVERLAP)));
  const right = 6 + Math.max(...densities.map(({ layer }) => textWidth(layer.label, print.smallSize)));
  const content = (area: PlotArea) => ({
    marks: densities.flatMap((one, i) => {
      const foot = area.y + area.height - (count - 1 - i) * row;
      // Each as high as the others: a narrow start would flatten all that follows it.
      const highest = Math.max(...one.heights, 1e-300);
      const points = outline(one, area.toX, (density) => foot - (density / highest) * row * OVERLAP);
      const stroke = { colour: print.quiet, width: print.thinWidth };
      const colour = mapColour('viridis', 0.15 + (0.75 * i) / (count - 1));
      return [polygon(points, { colour, opacity: 0.85 }), polyline(points, stroke)];
    }),
    above: rowLabels(densities, area, row),
  });
  const blank = {
    title: '',
    scale: makeScale(figure.x, [0, 1]),
    ticks: { major: [], minor: [], exponent: 0 },
  };
  const areaHeight = row * (count - 1 + OVERLAP) + 4;
  const body = drawPlot({ width, x: xAxisOf(figure, width), y: blank, right, areaHeight, content });
  return { legend: [], body };
}

/** Names of the rows on the right, as many as have room. */
function rowLabels(densities: readonly Densities[], area: PlotArea, row: number): Mark[] {
  const stride = Math.ceil((print.smallSize + 0.5) / row);
  const last = densities.length - 1;
  return densities.flatMap(({ layer }, i) => {
    if ((last - i) % stride !== 0) return [];
    const y = area.y + area.height - (last - i) * row;
    return [text(layer.label, { x: area.x + area.width + 4, y }, { size: print.smallSize })];
  });
}
