import type { FigureAxis, SingleFigure } from '../../schema/figure.ts';
import { drawPlot, frame, planAxis, type PlotArea } from '../axes.ts';
import { mapColour } from '../colours.ts';
import { contourAreas, type ContourArea } from '../contour-areas.ts';
import { marker } from '../markers.ts';
import { scaleBarMarks, scaleBarWidth, type ScaleBar } from '../scale-bar.ts';
import { extentOf, makeScale, type Scale } from '../scale.ts';
import type { Mark } from '../scene.ts';
import { plotHeight, print } from '../theme.ts';
import type { DrawnFigure } from './drawn.ts';
import { radiusFor } from './scatter.ts';

type ContourFigure = Extract<SingleFigure, { kind: 'contour' }>;

/** The value at a share of an axis as the figure's cells share it out: names from the first to the last. */
export function valueAlong(
  { categories }: FigureAxis,
  { minimum, maximum, isLog }: Scale,
  share: number,
): number {
  if (categories !== null) return share * (categories.length - 1);
  return isLog ? minimum * (maximum / minimum) ** share : minimum + share * (maximum - minimum);
}

/** Scales as wide as the axes' own limits; points without any. */
export function contourScales({ x, y, points }: ContourFigure): readonly [Scale, Scale] {
  return [makeScale(x, points.x, { nice: false }), makeScale(y, points.y, { nice: false })];
}

/** Bands of a value over two settings, the scale of the value beside them. */
export function drawContour(figure: ContourFigure, width: number): DrawnFigure {
  const [x, y] = contourScales(figure);
  const [minimum, maximum] = extentOf(figure.values) ?? [0, 1];
  const bar: ScaleBar = { map: 'viridis', minimum, maximum: maximum > minimum ? maximum : minimum + 1 };
  const body = drawPlot({
    width,
    x: planAxis(figure.x, x, width, 'x'),
    y: planAxis(figure.y, y, plotHeight(width), 'y'),
    right: scaleBarWidth(bar),
    content: (area) => ({
      marks: [...bandMarks(figure, [x, y], area), ...pointMarks(figure, area)],
      above: [frame(area), ...scaleBarMarks(bar, area)],
    }),
  });
  return { legend: [], body };
}

function bandMarks(figure: ContourFigure, [x, y]: readonly [Scale, Scale], area: PlotArea): Mark[] {
  const areas = contourAreas({ size: figure.side, cells: figure.values }, figure.bands);
  const placed = ({ rings }: ContourArea) =>
    rings.map((ring) =>
      ring.map(([across, up]) => ({
        x: area.toX(valueAlong(figure.x, x, across)),
        y: area.toY(valueAlong(figure.y, y, up)),
      })),
    );
  return areas.map((one, band) => ({
    kind: 'path',
    lines: placed(one),
    closed: true,
    fill: { colour: mapColour('viridis', (band + 0.5) / figure.bands) },
    stroke: null,
  }));
}

function pointMarks({ points }: ContourFigure, area: PlotArea): Mark[] {
  const radius = radiusFor(points.x.length) / 2;
  return points.x.map((across, i) =>
    marker('circle', { x: area.toX(across), y: area.toY(points.y[i] ?? Number.NaN) }, print.ink, radius),
  );
}
