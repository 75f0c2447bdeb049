import { plainTick, type ChartTheme } from '../chart.ts';
import { hairOf } from '../canvas.ts';
import { drawInside, strokeAxes, writeTitles } from '../plot-box.ts';
import { axisTicks, type AxisTick } from './axis-scale.ts';
import { seenRange, type PlacedLine } from './overlay-lines.ts';
import { pixelX, pixelY, type Box, type OverlayView } from './overlay-view.ts';

/** Everything a drawing of overlaid curves needs. */
export interface OverlayScene {
  readonly lines: readonly PlacedLine[];
  readonly view: OverlayView;
  readonly box: Box;
  readonly theme: ChartTheme;
  readonly logarithmic: boolean;
  readonly titles: { readonly x: string; readonly y: string };
  /** Writes a tick of the y axis. */
  readonly tick: (value: number) => string;
  /** The key whose lines stand out, all others fading. */
  readonly lifted: string | null;
}

type Context = CanvasRenderingContext2D;

const TICK_EVERY = { x: 90, y: 44 } as const;
const FADED = 0.14;
/** Among more lines than these each is thinner and lets others through. */
const FEW = 40;
const CROWDED = 0.6;
const CROWDED_LESS = 0.5;
const RAW_SHARE = 0.25;
const BAND_SHARE = 0.18;

/** Draws axes and curves on a cleared canvas whose unit is a CSS pixel. */
export function drawOverlay(context: Context, scene: OverlayScene): void {
  drawAxes(context, scene);
  drawInside(context, scene.box, () => drawCurves(context, scene));
}

function drawCurves(context: Context, scene: OverlayScene): void {
  const { lines, lifted } = scene;
  context.lineJoin = 'round';
  const others = lifted === null ? lines : lines.filter(({ line }) => line.key !== lifted);
  const standing = lifted === null ? [] : lines.filter(({ line }) => line.key === lifted);
  const isCrowded = lines.length > FEW;
  const opacity = lifted !== null ? FADED : isCrowded ? CROWDED : 1;
  const hair = hairOf(context);
  const penOf = isCrowded ? thinPen : plainPen;
  for (const line of others) drawBand(context, scene, line, opacity);
  for (const line of others) drawLine(context, scene, line, penOf(line, opacity, hair));
  for (const line of standing) drawBand(context, scene, line, 1);
  for (const line of standing) drawLine(context, scene, line, { opacity: 1, width: widthOf(line) + 1 });
}

/** How a line is stroked; the width in CSS pixels. */
interface Pen {
  readonly opacity: number;
  readonly width: number;
}

const widthOf = ({ line }: PlacedLine): number => (line.split === 'train' ? 1.25 : 1.75);

function plainPen(placed: PlacedLine, opacity: number): Pen {
  return { opacity, width: widthOf(placed) };
}

/** A hair with as much ink as a line that is a little thinner than alone: opaquer by as much as it is narrower. */
function thinPen(placed: PlacedLine, opacity: number, hair: number): Pen {
  const width = widthOf(placed) - CROWDED_LESS;
  return { opacity: Math.min(1, (opacity * width) / hair), width: hair };
}

function drawAxes(context: Context, scene: OverlayScene): void {
  const { view, box, theme, logarithmic, titles } = scene;
  context.font = `11px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeStyle = theme.line;
  context.fillStyle = theme.text;
  const rows = axisTicks(view.y, logarithmic, box.height / TICK_EVERY.y);
  const columns = axisTicks(view.x, false, box.width / TICK_EVERY.x);
  strokeAxes(
    context,
    box,
    rows.map(({ place }) => pixelY(view, box, place)),
  );
  writeTicks(context, scene, rows, columns);
  writeTitles(context, box, titles.x, titles.y);
}

function writeTicks(
  context: Context,
  { view, box, tick }: OverlayScene,
  rows: readonly AxisTick[],
  columns: readonly AxisTick[],
): void {
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { value, place } of rows) context.fillText(tick(value), box.left - 6, pixelY(view, box, place));
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const { value, place } of columns)
    context.fillText(plainTick(value), pixelX(view, box, place), box.top + box.height + 5);
}

function drawBand(context: Context, scene: OverlayScene, placed: PlacedLine, opacity: number): void {
  if (placed.band === null) return;
  const { view, box } = scene;
  const [from, to] = seenRange(placed.x, view.x);
  context.beginPath();
  for (const [start, end] of filledStretches(placed.band.low, from, to)) {
    for (let i = start; i < end; i++)
      context.lineTo(pixelX(view, box, placed.x[i]!), pixelY(view, box, placed.band.high[i]!));
    for (let i = end - 1; i >= start; i--)
      context.lineTo(pixelX(view, box, placed.x[i]!), pixelY(view, box, placed.band.low[i]!));
    context.closePath();
  }
  context.globalAlpha = BAND_SHARE * opacity;
  context.fillStyle = placed.line.colour;
  context.fill();
  context.globalAlpha = 1;
}

/** Stretches [start, end) between two indices in which nothing is NaN. */
function filledStretches(values: Float64Array, from: number, to: number): (readonly [number, number])[] {
  const stretches: (readonly [number, number])[] = [];
  let start = -1;
  for (let i = from; i <= to; i++) {
    const isGap = i === to || Number.isNaN(values[i]);
    if (!isGap && start < 0) start = i;
    if (isGap && start >= 0) {
      stretches.push([start, i]);
      start = -1;
    }
  }
  return stretches;
}

function drawLine(context: Context, scene: OverlayScene, placed: PlacedLine, { opacity, width }: Pen): void {
  const { line } = placed;
  context.strokeStyle = line.colour;
  const isTest = line.split === 'test' && line.counts === null;
  if (placed.raw !== null) {
    context.globalAlpha = RAW_SHARE * opacity;
    context.lineWidth = Math.min(1, width);
    tracePoints(context, scene, placed.x, placed.raw);
    context.stroke();
  }
  context.globalAlpha = opacity;
  context.lineWidth = width;
  if (!isTest || placed.y.length > 1) strokeCurve(context, scene, placed);
  if (isTest || placed.y.length === 1) markPoints(context, scene, placed);
  context.globalAlpha = 1;
}

function strokeCurve(context: Context, scene: OverlayScene, { line, x, y }: PlacedLine): void {
  const isDashed = line.split === 'train';
  if (isDashed) context.setLineDash([5, 3]);
  tracePoints(context, scene, x, y);
  context.stroke();
  if (isDashed) context.setLineDash([]);
}

/**
 * Traces a curve. Where many points share a column of pixels only its first, lowest, highest and last are kept: what is
 * seen is the same.
 */
function tracePoints(
  context: Context,
  { view, box }: OverlayScene,
  x: Float64Array<ArrayBuffer>,
  y: Float64Array<ArrayBuffer>,
): void {
  const [from, to] = seenRange(x, view.x);
  const dense = to - from > 4 * box.width;
  context.beginPath();
  let pen = false;
  let column = -1;
  let [low, high] = [Infinity, -Infinity];
  for (let i = from; i < to; i++) {
    const value = y[i]!;
    if (Number.isNaN(value)) {
      pen = false;
      continue;
    }
    const [px, py] = [pixelX(view, box, x[i]!), pixelY(view, box, value)];
    if (dense && pen && Math.floor(px) === column) {
      if (py >= low && py <= high) continue;
      [low, high] = [Math.min(low, py), Math.max(high, py)];
    } else {
      column = Math.floor(px);
      [low, high] = [py, py];
    }
    if (pen) context.lineTo(px, py);
    else context.moveTo(px, py);
    pen = true;
  }
}

/** Above so many markers only some are drawn, the last always. */
const MOST_MARKERS = 20;

function markPoints(context: Context, { view, box }: OverlayScene, placed: PlacedLine): void {
  const count = placed.y.length;
  const stride = Math.ceil(count / MOST_MARKERS);
  context.fillStyle = placed.line.colour;
  context.beginPath();
  for (let i = (count - 1) % stride; i < count; i += stride) {
    if (Number.isNaN(placed.y[i])) continue;
    const [x, y] = [pixelX(view, box, placed.x[i]!), pixelY(view, box, placed.y[i]!)];
    const radius = i === count - 1 ? 5 : 3;
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
    context.closePath();
  }
  context.fill();
}
