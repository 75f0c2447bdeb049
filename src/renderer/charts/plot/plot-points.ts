import { acrossOf, heightOf, type PlotFrame } from './plot-axes.ts';

type Numbers = ArrayLike<number>;
type Context = CanvasRenderingContext2D;

/** Points by index, in shares of both axes; NaN leaves one out. */
export interface PlotPoints {
  readonly x: Numbers;
  readonly y: Numbers;
  /** Kept by every brush; others are drawn faintly beneath. */
  readonly kept: readonly boolean[];
  /** Which of the colours each has; null for the first. */
  readonly colourOf: Numbers | null;
  readonly colours: readonly string[];
  readonly radius: number;
}

/** Draws the points, one path per colour, so that thousands cost no more than a few. */
export function drawPoints(context: Context, frame: PlotFrame, points: PlotPoints): void {
  const { x, kept, colourOf, colours, radius } = points;
  context.globalAlpha = 0.12;
  context.fillStyle = frame.theme.text;
  context.beginPath();
  for (let i = 0; i < x.length; i++) if (kept[i] === false) dot(context, frame, points, i, radius);
  context.fill();
  context.globalAlpha = 0.85;
  colours.forEach((colour, index) => {
    context.fillStyle = colour;
    context.beginPath();
    for (let i = 0; i < x.length; i++)
      if (kept[i] !== false && (colourOf === null || colourOf[i] === index))
        dot(context, frame, points, i, radius);
    context.fill();
  });
  context.globalAlpha = 1;
}

/** Smaller ones are squares: nobody sees the difference, and thousands are drawn twice as fast. */
const SMALLEST_DISC = 2;

function dot(context: Context, frame: PlotFrame, { x, y }: PlotPoints, i: number, radius: number): void {
  const [px, py] = [acrossOf(frame, x[i]!), heightOf(frame, y[i]!)];
  if (Number.isNaN(px + py)) return;
  if (radius <= SMALLEST_DISC) {
    context.rect(px - radius, py - radius, 2 * radius, 2 * radius);
    return;
  }
  context.moveTo(px + radius, py);
  context.arc(px, py, radius, 0, 2 * Math.PI);
}

/** Axes and lines alone, in small points. */
const NO_POINTS = 500;

/** What points cost to draw, in small ones: a disc costs some three squares. A plot without any costs a little. */
export function drawingCost(points: Pick<PlotPoints, 'x' | 'radius'> | null): number {
  if (points === null) return NO_POINTS;
  return points.x.length * (points.radius <= SMALLEST_DISC ? 1 : 3);
}

/** The pixel of a point; null where it has no place. */
export function pixelOf(
  frame: Pick<PlotFrame, 'view' | 'box'>,
  { x, y }: Pick<PlotPoints, 'x' | 'y'>,
  i: number,
): { readonly x: number; readonly y: number } | null {
  const pixel = { x: acrossOf(frame, x[i] ?? Number.NaN), y: heightOf(frame, y[i] ?? Number.NaN) };
  return Number.isNaN(pixel.x + pixel.y) ? null : pixel;
}

/** The kept point nearest to a pixel within `reach` pixels; null for none. */
export function nearestOf(
  frame: Pick<PlotFrame, 'view' | 'box'>,
  points: Pick<PlotPoints, 'x' | 'y' | 'kept'>,
  pixel: { readonly x: number; readonly y: number },
  reach: number,
): number | null {
  const { view, box } = frame;
  const across = box.width / (view.x[1] - view.x[0]);
  const up = box.height / (view.y[1] - view.y[0]);
  const [x, y] = [(pixel.x - box.left) / across + view.x[0], view.y[1] - (pixel.y - box.top) / up];
  let found: number | null = null;
  let least = reach;
  for (let i = 0; i < points.x.length; i++) {
    if (points.kept[i] === false) continue;
    const distance = Math.hypot((points.x[i]! - x) * across, (points.y[i]! - y) * up);
    // Nor is one without a place found.
    if (!(distance <= least)) continue;
    least = distance;
    found = i;
  }
  return found;
}

/** The kept point that an arrow key leads to from another, along x; null at an end. Without one, the first. */
export function nextAlong(
  points: Pick<PlotPoints, 'x' | 'y' | 'kept'>,
  from: number | null,
  step: -1 | 1,
): number | null {
  let found: number | null = null;
  const isAfter = (i: number, j: number) =>
    points.x[i] === points.x[j] ? i > j : points.x[i]! > points.x[j]!;
  for (let i = 0; i < points.x.length; i++) {
    if (points.kept[i] === false || Number.isNaN(points.x[i]! + points.y[i]!)) continue;
    const leads = from === null || (i !== from && isAfter(i, from) === step > 0);
    if (leads && (found === null || isAfter(found, i) === step > 0)) found = i;
  }
  return found;
}

/** Draws a line through points in shares, in steps where asked; NaN breaks it. */
export function drawPath(
  context: Context,
  frame: PlotFrame,
  path: { readonly x: Numbers; readonly y: Numbers; readonly stepped: boolean; readonly colour: string },
): void {
  context.strokeStyle = path.colour;
  context.lineWidth = 1.75;
  context.lineJoin = 'round';
  context.beginPath();
  let before = Number.NaN;
  for (let i = 0; i < path.x.length; i++) {
    const [px, py] = [acrossOf(frame, path.x[i]!), heightOf(frame, path.y[i]!)];
    const isGap = Number.isNaN(px + py);
    if (!isGap && Number.isNaN(before)) context.moveTo(px, py);
    else if (!isGap) {
      if (path.stepped) context.lineTo(px, before);
      context.lineTo(px, py);
    }
    before = isGap ? Number.NaN : py;
  }
  context.stroke();
}
