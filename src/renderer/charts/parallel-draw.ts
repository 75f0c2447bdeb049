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

/** Draws the lines between the axes on a cleared canvas whose unit is a CSS pixel. */
export function drawParallel(context: Context, scene: ParallelScene): void {
  const { lines, lifted, theme } = scene;
  const stroke = (line: ParallelLine, colour: string, opacity: number, width: number) => {
    context.globalAlpha = opacity;
    context.strokeStyle = colour;
    context.lineWidth = width;
    trace(context, scene, line);
    context.stroke();
  };
  const kept = lines.filter((line) => line.kept);
  const opacity = Math.max(0.35, Math.min(0.9, 40 / Math.max(1, kept.length)));
  for (const line of lines) if (!line.kept) stroke(line, theme.text, 0.1, 1);
  for (const line of kept) stroke(line, line.colour, lifted === null ? opacity : 0.15, 1.5);
  for (const line of kept) if (line.key === lifted) stroke(line, line.colour, 1, 3);
  context.globalAlpha = 1;
}

/** Traces a line from axis to axis; an axis where it has no place breaks it. */
function trace(context: Context, { columns, top, height }: ParallelScene, line: ParallelLine): void {
  context.beginPath();
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
