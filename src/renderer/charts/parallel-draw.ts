import type { ChartTheme } from './chart.ts';

/** A line over parallel axes. */
export interface ParallelLine {
  readonly key: string;
  readonly colour: string;
  /** Per axis a share of its height, 0 at the bottom; NaN leaves the axis out. */
  readonly shares: readonly number[];
  /** Kept by every brush; others are drawn faintly beneath. */
  readonly kept: boolean;
}

/** A drawing of parallel coordinates. */
export interface ParallelScene {
  readonly lines: readonly ParallelLine[];
  /** The pixel of each axis. */
  readonly columns: readonly number[];
  readonly top: number;
  readonly height: number;
  readonly theme: ChartTheme;
  readonly lifted: string | null;
}

type Context = CanvasRenderingContext2D;

/** Above so many lines those of a colour are drawn together. */
const MOST_ALONE = 300;
/** Lines of one path: with more, crossings cost more than the strokes that are saved. */
const TOGETHER = 48;
const FAINT_TOGETHER = 600;

/** Draws the lines between the axes on a cleared canvas whose unit is a CSS pixel. */
export function drawParallel(context: Context, scene: ParallelScene): void {
  const { lines, lifted, theme } = scene;
  const stroke = (batch: readonly ParallelLine[], colour: string, opacity: number, width: number) => {
    context.globalAlpha = opacity;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const line of batch) trace(context, scene, line);
    context.stroke();
  };
  const isCrowded = lines.length > MOST_ALONE;
  const size = isCrowded ? TOGETHER : 1;
  // A line of one pixel of the screen is drawn twenty times as fast as a wider one.
  const hair = 1 / context.getTransform().a;
  const [faint, plain] = isCrowded ? [hair, hair] : [1, 1.5];
  const kept = lines.filter((line) => line.kept);
  const opacity = Math.max(0.35, Math.min(0.9, 40 / Math.max(1, kept.length)));
  const left = lines.filter((line) => !line.kept);
  // Opacities add up from path to path, so a crowd stays faint only in few of them.
  for (const batch of batches(left, isCrowded ? FAINT_TOGETHER : 1)) stroke(batch, theme.text, 0.1, faint);
  for (const batch of colourBatches(kept, size))
    stroke(batch, batch[0]!.colour, lifted === null ? opacity : 0.15, plain);
  for (const line of kept) if (line.key === lifted) stroke([line], line.colour, 1, 3);
  context.globalAlpha = 1;
}

function batches(lines: readonly ParallelLine[], size: number): ParallelLine[][] {
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, i) =>
    lines.slice(i * size, (i + 1) * size),
  );
}

/** Lines of one colour in batches; in their order where they are drawn one by one. */
function colourBatches(lines: readonly ParallelLine[], size: number): ParallelLine[][] {
  if (size === 1) return batches(lines, 1);
  const byColour = new Map<string, ParallelLine[]>();
  for (const line of lines) {
    const alike = byColour.get(line.colour);
    if (alike === undefined) byColour.set(line.colour, [line]);
    else alike.push(line);
  }
  return [...byColour.values()].flatMap((alike) => batches(alike, size));
}

/** Traces a line from axis to axis; an axis where it has no place breaks it. */
function trace(context: Context, { columns, top, height }: ParallelScene, line: ParallelLine): void {
  let pen = false;
  line.shares.forEach((share, index) => {
    if (Number.isNaN(share)) {
      pen = false;
      return;
    }
    const [x, y] = [columns[index]!, top + (1 - share) * height];
    if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen = true;
  });
}

/** Where a line is at a pixel between the axes; null where it is broken or beside them. */
export function lineHeightAt(
  scene: Omit<ParallelScene, 'theme' | 'lifted'>,
  line: ParallelLine,
  x: number,
): number | null {
  const { columns, top, height } = scene;
  const right = columns.findIndex((column) => column >= x);
  const [from, to] = [line.shares[right - 1], line.shares[right]];
  if (right < 1 || from === undefined || to === undefined || Number.isNaN(from + to)) return null;
  const part = (x - columns[right - 1]!) / (columns[right]! - columns[right - 1]!);
  return top + (1 - (from + part * (to - from))) * height;
}

/** The kept line nearest to a pixel, at most `reach` pixels above or below; null for none. */
export function nearestLine(
  scene: Omit<ParallelScene, 'theme' | 'lifted'>,
  pixel: { readonly x: number; readonly y: number },
  reach: number,
): ParallelLine | null {
  let found: ParallelLine | null = null;
  let least = reach;
  for (const line of scene.lines) {
    const y = line.kept ? lineHeightAt(scene, line, pixel.x) : null;
    if (y === null || Math.abs(y - pixel.y) > least) continue;
    least = Math.abs(y - pixel.y);
    found = line;
  }
  return found;
}
