import type { SplitName } from '../../../shared/schema/dataset.ts';
import { axisPlace, type Span } from './axis-scale.ts';
import { pixelX, pixelY, type Box, type OverlayView } from './overlay-view.ts';

type Numbers = Float64Array<ArrayBuffer>;

/** A curve to be laid over others. Parallel arrays, x growing; NaN leaves a gap. */
export interface OverlayLine {
  /** What it belongs to: a run's id, or a group. Lines of one key are lifted together. */
  readonly key: string;
  /** Tells it from the key's other lines. */
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  /** Train dashed and thinner, dev solid, test a marker. */
  readonly split: SplitName;
  readonly x: Numbers;
  readonly y: Numbers;
  /** As measured, where `y` is smoothed: drawn beneath it at 25 %. */
  readonly raw: Numbers | null;
  /** Edges of a band around it. */
  readonly band: { readonly low: Numbers; readonly high: Numbers } | null;
  /** How many runs each point stands for; null for a run's own curve. */
  readonly counts: Int32Array<ArrayBuffer> | null;
}

/** A line in places of the axes, made once per change of data or axis, so that panning only scales. */
export interface PlacedLine {
  readonly line: OverlayLine;
  readonly x: Numbers;
  readonly y: Numbers;
  readonly raw: Numbers | null;
  readonly band: OverlayLine['band'];
}

/** Puts lines on a linear or logarithmic axis. */
export function placeLines(lines: readonly OverlayLine[], logarithmic: boolean): PlacedLine[] {
  const place = (values: Numbers): Numbers =>
    logarithmic ? values.map((value) => axisPlace(value, true)) : values;
  return lines.map((line) => ({
    line,
    x: line.x,
    y: place(line.y),
    raw: line.raw === null ? null : place(line.raw),
    band: line.band === null ? null : { low: place(line.band.low), high: place(line.band.high) },
  }));
}

const NOTHING: Span = [Infinity, -Infinity];

function extended([low, high]: Span, values: Numbers): Span {
  let [from, to] = [low, high];
  for (const value of values) {
    if (value < from) from = value;
    if (value > to) to = value;
  }
  return [from, to];
}

/** The stretch of both axes that holds every line, with its raw line and its band. */
export function linesExtent(lines: readonly PlacedLine[]): { readonly x: Span; readonly y: Span } {
  let [x, y] = [NOTHING, NOTHING];
  for (const line of lines) {
    x = extended(x, line.x);
    const parts = [line.raw ?? line.y, ...(line.band === null ? [] : [line.band.low, line.band.high])];
    for (const part of parts) y = extended(y, part);
  }
  return { x, y };
}

/** The first index whose x is not below a place. */
export function firstAtLeast(x: Numbers, place: number): number {
  let [from, to] = [0, x.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (x[middle]! < place) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Indices [from, to) to draw for a view: those seen and one neighbour on either side. */
export function seenRange(x: Numbers, [from, to]: Span): readonly [number, number] {
  const first = Math.max(0, firstAtLeast(x, from) - 1);
  let last = firstAtLeast(x, to);
  while (last < x.length && x[last] === to) last++;
  return [first, Math.min(x.length, last + 1)];
}

/** A point of a line near the pointer. */
export interface NearPoint {
  readonly line: OverlayLine;
  readonly index: number;
  /** Its pixel. */
  readonly x: number;
  readonly y: number;
}

/** The point nearest to a pixel among all lines, at most `reach` pixels away. */
export function nearestPoint(
  lines: readonly PlacedLine[],
  view: OverlayView,
  box: Box,
  pixel: { readonly x: number; readonly y: number },
  reach: number,
): NearPoint | null {
  const width = view.x[1] - view.x[0];
  const at = view.x[0] + ((pixel.x - box.left) / box.width) * width;
  const room = (reach / box.width) * width;
  let found: NearPoint | null = null;
  let least = reach * reach;
  for (const placed of lines) {
    const [from, to] = seenRange(placed.x, [at - room, at + room]);
    for (let index = from; index < to; index++) {
      const [x, y] = [pixelX(view, box, placed.x[index]!), pixelY(view, box, placed.y[index]!)];
      const distance = (x - pixel.x) ** 2 + (y - pixel.y) ** 2;
      if (distance > least) continue;
      least = distance;
      found = { line: placed.line, index, x, y };
    }
  }
  return found;
}
