import { plainTick, type ChartTheme } from '../chart.ts';
import { axisTicks, axisValue, type Span } from '../overlay/axis-scale.ts';
import type { Box, OverlayView } from '../overlay/overlay-view.ts';
import { strokeAxes, writeTitles } from '../plot-box.ts';

/** An axis whose points are given as shares of it, 0 at its start and 1 at its end. */
export interface PlotAxis {
  readonly title: string;
  /** Words in their order along the axis; null for numbers. */
  readonly categories: readonly string[] | null;
  readonly logarithmic: boolean;
  /** Ends of the axis, as places (logarithms on a logarithmic axis). */
  readonly span: Span;
  /** Writes a tick. */
  readonly tick?: (value: number) => string;
}

/** A tick's words and the share at which it stands. */
export interface PlotTick {
  readonly text: string;
  readonly share: number;
}

const TICK_EVERY = { x: 80, y: 40 } as const;
/** Of the axis, before and after its ends. */
const MARGIN = 0.03;

/** The stretch of shares an axis shows: a little more than its ends, half a place on either side of words. */
export function shownShares({ categories }: Pick<PlotAxis, 'categories'>): Span {
  if (categories === null || categories.length < 2) return [-MARGIN, 1 + MARGIN];
  const half = 0.5 / (categories.length - 1);
  return [-half, 1 + half];
}

/** The view of both axes, in shares. */
export function shareView(x: PlotAxis, y: PlotAxis): OverlayView {
  return { x: shownShares(x), y: shownShares(y) };
}

/** The value at a share of an axis of numbers. */
export function valueAtShare({ span, logarithmic }: PlotAxis, share: number): number {
  return axisValue(span[0] + share * (span[1] - span[0]), logarithmic);
}

/** The ticks of an axis, about `most` of them where it holds numbers. */
export function plotTicks(axis: PlotAxis, most: number): PlotTick[] {
  const { categories, span, tick = plainTick } = axis;
  if (categories !== null) {
    const last = categories.length - 1;
    return categories.map((text, index) => ({ text, share: last === 0 ? 0.5 : index / last }));
  }
  return axisTicks(span, axis.logarithmic, most).map(({ value, place }) => ({
    text: tick(value),
    share: (place - span[0]) / (span[1] - span[0]),
  }));
}

/** Where and with what a plot is drawn. */
export interface PlotFrame {
  readonly view: OverlayView;
  readonly box: Box;
  readonly theme: ChartTheme;
}

/** A plot's frame with its axes. */
export interface AxesScene extends PlotFrame {
  readonly x: PlotAxis;
  readonly y: PlotAxis;
}

type Context = CanvasRenderingContext2D;

/** Draws both axes with ticks and titles on a canvas whose unit is a CSS pixel. */
export function drawAxes(context: Context, scene: AxesScene): void {
  const { box, theme, x, y } = scene;
  const columns = plotTicks(x, box.width / TICK_EVERY.x);
  const rows = plotTicks(y, box.height / TICK_EVERY.y);
  context.font = `11px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeStyle = theme.line;
  context.fillStyle = theme.text;
  strokeAxes(
    context,
    box,
    rows.map(({ share }) => heightOf(scene, share)),
  );
  writeTicks(context, scene, columns, rows);
  writeTitles(context, box, cut(context, x.title, box.width), cut(context, y.title, box.height));
}

/** The pixel of a share across. */
export function acrossOf({ view, box }: Pick<PlotFrame, 'view' | 'box'>, share: number): number {
  return box.left + ((share - view.x[0]) / (view.x[1] - view.x[0])) * box.width;
}

/** The pixel of a share up. */
export function heightOf({ view, box }: Pick<PlotFrame, 'view' | 'box'>, share: number): number {
  return box.top + (1 - (share - view.y[0]) / (view.y[1] - view.y[0])) * box.height;
}

function writeTicks(
  context: Context,
  scene: AxesScene,
  columns: readonly PlotTick[],
  rows: readonly PlotTick[],
): void {
  const { box, x } = scene;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { text, share } of rows)
    context.fillText(cut(context, text, box.left - 18), box.left - 6, heightOf(scene, share));
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const room = x.categories === null ? Infinity : box.width / columns.length - 4;
  for (const { text, share } of columns)
    context.fillText(cut(context, text, room), acrossOf(scene, share), box.top + box.height + 5);
}

/** A text with an ellipsis where it is longer than its room. */
function cut(context: Context, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let kept = text.length;
  while (kept > 1 && context.measureText(`${text.slice(0, kept)}…`).width > room) kept--;
  return `${text.slice(0, kept)}…`;
}
