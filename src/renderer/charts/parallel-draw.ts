import { hairOf } from './canvas.ts';
import type { ChartTheme } from './chart.ts';

/** A line over parallel axes. */
export interface ParallelLine {
  readonly key: string;
  readonly colour: string;
  /** Per axis a share of its height, 0 at the bottom; NaN leaves the axis out. */
  readonly shares: ArrayLike<number>;
}

/** Lines over parallel axes, and where those stand. */
export interface ParallelPlane {
  readonly lines: readonly ParallelLine[];
  /** The pixel of each axis. */
  readonly columns: readonly number[];
  readonly top: number;
  readonly height: number;
}

/** Lines of which brushes keep some. */
export interface ParallelScene extends ParallelPlane {
  /** Per line: kept by every brush? Others are drawn faintly beneath. */
  readonly kept: readonly boolean[];
}

type Context = CanvasRenderingContext2D;

/** Above so many lines those of a colour are drawn together. */
const MOST_ALONE = 300;
/** Lines of one path: with more, crossings cost more than the strokes that are saved. */
const TOGETHER = 48;
const FAINT_TOGETHER = 600;
/** The least opacity of kept lines; few of them are drawn more plainly. */
const LEAST_OPACITY = 0.35;
const MOST_OPACITY = 0.9;

/** Draws every line faintly, as the ground of those that are kept. */
export function drawFaint(context: Context, plane: ParallelPlane, theme: Pick<ChartTheme, 'text'>): void {
  const isCrowded = plane.lines.length > MOST_ALONE;
  context.globalAlpha = 0.1;
  context.strokeStyle = theme.text;
  context.lineWidth = isCrowded ? hairOf(context) : 1;
  // Opacities add up from path to path, so a crowd stays faint only in few of them.
  strokeRuns(context, plane, plane.lines.keys(), isCrowded ? FAINT_TOGETHER : 1);
  context.globalAlpha = 1;
}

/** The order in which lines are drawn: as they come, or in a crowd those of a colour together. */
export function drawingOrder(lines: readonly ParallelLine[]): readonly number[] {
  if (lines.length <= MOST_ALONE) return lines.map((_, index) => index);
  const byColour = new Map<string, number[]>();
  lines.forEach(({ colour }, index) => {
    const alike = byColour.get(colour);
    if (alike === undefined) byColour.set(colour, [index]);
    else alike.push(index);
  });
  return [...byColour.values()].flat();
}

/**
 * Draws the lines kept.
 * @param order of {@link drawingOrder}
 * @param most draws about so many of them at most, evenly chosen and as much more plainly
 */
export function drawKept(
  context: Context,
  scene: ParallelScene,
  order: readonly number[],
  most = Infinity,
): void {
  const { lines, kept } = scene;
  const isCrowded = lines.length > MOST_ALONE;
  const count = kept.reduce((sum, flag) => sum + Number(flag), 0);
  const stride = strideOf(count, most);
  const drawn = order.filter((index) => kept[index] === true && (lines.length - 1 - index) % stride === 0);
  const opacity = Math.max(LEAST_OPACITY, Math.min(MOST_OPACITY, 40 / Math.max(1, count)));
  context.globalAlpha = Math.min(MOST_OPACITY, 1 - (1 - opacity) ** stride);
  context.lineWidth = isCrowded ? hairOf(context) : 1.5;
  for (let from = 0; from < drawn.length;) {
    const { colour } = lines[drawn[from]!]!;
    let to = from + 1;
    while (to < drawn.length && lines[drawn[to]!]!.colour === colour) to++;
    context.strokeStyle = colour;
    strokeRuns(context, scene, drawn.slice(from, to), isCrowded ? TOGETHER : 1);
    from = to;
  }
  context.globalAlpha = 1;
}

/** Every how many-eth line is drawn; a power of two, so that it seldom changes while a brush moves. */
function strideOf(count: number, most: number): number {
  return count <= most ? 1 : 2 ** Math.ceil(Math.log2(count / most));
}

/** Draws the line that stands out. */
export function drawLifted(context: Context, plane: ParallelPlane, index: number): void {
  const line = plane.lines[index];
  if (line === undefined) return;
  context.strokeStyle = line.colour;
  context.lineWidth = 3;
  strokeRuns(context, plane, [index], 1);
}

/** Strokes lines by index, so many in one path. */
function strokeRuns(
  context: Context,
  plane: ParallelPlane,
  indices: Iterable<number>,
  together: number,
): void {
  let begun = 0;
  for (const index of indices) {
    if (begun === 0) context.beginPath();
    trace(context, plane, plane.lines[index]!);
    begun++;
    if (begun < together) continue;
    context.stroke();
    begun = 0;
  }
  if (begun > 0) context.stroke();
}

/** Traces a line from axis to axis; an axis where it has no place breaks it. */
function trace(context: Context, { columns, top, height }: ParallelPlane, { shares }: ParallelLine): void {
  let pen = false;
  for (let axis = 0; axis < columns.length; axis++) {
    const share = shares[axis]!;
    if (Number.isNaN(share)) {
      pen = false;
      continue;
    }
    const y = top + (1 - share) * height;
    if (pen) context.lineTo(columns[axis]!, y);
    else context.moveTo(columns[axis]!, y);
    pen = true;
  }
}

/** Where a line is at a pixel between the axes; null where it is broken or beside them. */
export function lineHeightAt(
  { columns, top, height }: Omit<ParallelPlane, 'lines'>,
  line: Pick<ParallelLine, 'shares'>,
  x: number,
): number | null {
  const right = columns.findIndex((column) => column >= x);
  const [from, to] = [line.shares[right - 1], line.shares[right]];
  if (right < 1 || from === undefined || to === undefined || Number.isNaN(from + to)) return null;
  const part = (x - columns[right - 1]!) / (columns[right]! - columns[right - 1]!);
  return top + (1 - (from + part * (to - from))) * height;
}

/** The kept line nearest to a pixel, at most `reach` pixels above or below; null for none. */
export function nearestLine(
  scene: ParallelScene,
  pixel: { readonly x: number; readonly y: number },
  reach: number,
): ParallelLine | null {
  let found: ParallelLine | null = null;
  let least = reach;
  scene.lines.forEach((line, index) => {
    const y = scene.kept[index] === true ? lineHeightAt(scene, line, pixel.x) : null;
    if (y === null || Math.abs(y - pixel.y) > least) return;
    least = Math.abs(y - pixel.y);
    found = line;
  });
  return found;
}
