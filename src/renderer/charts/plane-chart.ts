import type { Point } from 'chart.js';
import { formatLoss } from '../text/format.ts';
import {
  pointsDataset,
  type AnyChart,
  type ChartTheme,
  type FigureConfiguration,
  type FigureDataset,
} from './chart.ts';
import { viridis, withAlpha } from './colour-maps.ts';
import { plot } from './figure.ts';
import { classColour } from './palette.ts';
import { areasAbove, channelOf, evenLevels, marginOf, type PlaneArea, type PlaneField } from './plane.ts';

/** A point of the plane with its class, or with its number for a regression. */
export interface PlanePoint extends Point {
  readonly label: number;
  readonly wrong: boolean;
  readonly split: 'train' | 'test';
}

/** Classes and points of a plane; `classes` empty for a regression. */
export interface PlaneFigure {
  readonly field: PlaneField;
  readonly classes: readonly string[];
  readonly points: readonly PlanePoint[];
}

/** An area with the colour it is filled with. */
export interface PaintedArea extends PlaneArea {
  readonly fill: string;
  /** Drawn around it: the boundary itself. */
  readonly edge: boolean;
}

const themeName = (theme: ChartTheme) => (theme.isDark ? 'dark' : 'light');

/** Steps of certainty, each a little stronger than the one before. */
const MARGINS = [0, 0.5, 0.9];
const LEVELS = 12;

/** The areas of a field from the first painted to the last: by class and certainty, or by predicted number. */
export function paintAreas({ field, classes }: PlaneFigure, theme: ChartTheme): PaintedArea[] {
  if (classes.length === 0) {
    const grid = channelOf(field, 0);
    const levels = evenLevels(grid, LEVELS);
    const floor = Math.min(...grid);
    return areasAbove(field, grid, [floor, ...levels]).map((area, index) => ({
      ...area,
      fill: viridis(index / LEVELS),
      edge: false,
    }));
  }
  return classes.flatMap((_, label) =>
    areasAbove(field, marginOf(field, label), MARGINS).map((area) => ({
      ...area,
      fill: withAlpha(classColour(label, themeName(theme)), 0.12),
      edge: area.level === 0,
    })),
  );
}

/** Paints areas under a chart's points. */
export function drawAreas(chart: AnyChart, areas: readonly PaintedArea[], theme: ChartTheme): void {
  const { ctx, chartArea } = chart;
  const { x, y } = chart.scales;
  if (x === undefined || y === undefined) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
  ctx.clip();
  for (const area of areas) {
    ctx.beginPath();
    for (const ring of area.rings) {
      ring.forEach(([across, up], index) => {
        const place = [x.getPixelForValue(across), y.getPixelForValue(up)] as const;
        if (index === 0) ctx.moveTo(...place);
        else ctx.lineTo(...place);
      });
      ctx.closePath();
    }
    ctx.fillStyle = area.fill;
    ctx.fill('evenodd');
    if (area.edge) {
      ctx.strokeStyle = theme.mark;
      ctx.lineWidth = 1.25;
      ctx.stroke();
    }
  }
  ctx.restore();
}

/** The points of a plane over its axes: train round, test as diamonds, those named wrong in a ring. */
export function planeChart(theme: ChartTheme, figure: PlaneFigure): FigureConfiguration {
  const { field, classes, points } = figure;
  const labels = classes.length === 0 ? [0] : classes.map((_, label) => label);
  const layers = labels.flatMap((label) => classLayers(theme, figure, label));
  const wrong = points.filter((point) => point.wrong);
  const ring: FigureDataset = {
    ...pointsDataset('wrong', [...wrong], 'transparent', 6),
    borderWidth: 1.5,
    borderColor: theme.mark,
    pointHitRadius: 0,
  };
  return plot(theme, {
    x: { title: field.x.name, minimum: field.x.minimum, maximum: field.x.maximum, grid: false },
    y: { title: field.y.name, minimum: field.y.minimum, maximum: field.y.maximum, grid: false },
    layers: [...layers, ring],
    tooltip: (point, label) => `${label}: ${formatLoss(point.x)}, ${formatLoss(point.y)}`,
  });
}

function classLayers(theme: ChartTheme, { classes, points }: PlaneFigure, label: number): FigureDataset[] {
  const isClass = classes.length > 0;
  const own = isClass ? points.filter((point) => point.label === label) : points;
  const colour = isClass ? classColour(label, themeName(theme)) : theme.mark;
  const name = isClass ? (classes[label] ?? String(label)) : 'example';
  return (['train', 'test'] as const).map((split) => ({
    ...pointsDataset(
      `${name}, ${split}`,
      own.filter((point) => point.split === split),
      colour,
      split === 'train' ? 2.25 : 3,
    ),
    pointStyle: split === 'train' ? 'circle' : 'rectRot',
    borderWidth: 0.75,
    borderColor: theme.ground,
  }));
}
