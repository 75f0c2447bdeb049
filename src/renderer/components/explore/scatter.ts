import { linearValues } from '../../../shared/figures/ticks.ts';

/** The part of the plane that is seen, in the points' own numbers. */
export interface View {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** A place on the figure in CSS pixels, from its top left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Points of the plane with the example that each is. Parallel arrays. */
export interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly index: Uint32Array;
}

/** The view that holds every finite point, with room around. */
export function viewOfAll({ x, y }: Points, room = 0.04): View {
  const [left, right] = withRoom(extent(x), room);
  const [bottom, top] = withRoom(extent(y), room);
  return { left, right, bottom, top };
}

function extent(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

function withRoom([low, high]: [number, number], share: number): [number, number] {
  const room = (high - low || Math.abs(high) || 1) * share;
  return [low - room, high + room];
}

/** A view so many times nearer, about a place that stays where it is. */
export function zoomed(view: View, factor: number, at: Place, width: number, height: number): View {
  const x = view.left + (at.x / width) * (view.right - view.left);
  const y = view.top - (at.y / height) * (view.top - view.bottom);
  return {
    left: x + (view.left - x) / factor,
    right: x + (view.right - x) / factor,
    bottom: y + (view.bottom - y) / factor,
    top: y + (view.top - y) / factor,
  };
}

/** Where the points lie on a figure of a size, x and y in turn; NaN for what is not finite. */
export function placesOf({ x, y }: Points, view: View, width: number, height: number): Float32Array {
  const places = new Float32Array(2 * x.length);
  const across = width / (view.right - view.left);
  const up = height / (view.top - view.bottom);
  for (let at = 0; at < x.length; at++) {
    places[2 * at] = (x[at]! - view.left) * across;
    places[2 * at + 1] = (view.top - y[at]!) * up;
  }
  return places;
}

/** The point nearest to a place within a reach in pixels; -1 for none. */
export function nearestPoint(places: Float32Array, { x, y }: Place, reach: number): number {
  let [best, distance] = [-1, reach * reach];
  for (let at = 0; 2 * at < places.length; at++) {
    const [across, down] = [places[2 * at]! - x, places[2 * at + 1]! - y];
    const squared = across * across + down * down;
    if (squared <= distance) [best, distance] = [at, squared];
  }
  return best;
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/**
 * The next point the way an arrow key goes: the nearest within 45 degrees of it. The same point where there is none,
 * null for another key.
 */
export function pointTowards(places: Float32Array, from: number, key: string): number | null {
  const way = DIRECTIONS[key];
  if (way === undefined) return null;
  const [x, y] = [places[2 * from] ?? 0, places[2 * from + 1] ?? 0];
  let [best, nearest] = [from, Infinity];
  for (let at = 0; 2 * at < places.length; at++) {
    const [across, down] = [places[2 * at]! - x, places[2 * at + 1]! - y];
    const along = across * way[0] + down * way[1];
    const aside = Math.abs(across * way[1]) + Math.abs(down * way[0]);
    if (!(along > 0.5) || aside > along) continue;
    const squared = along * along + aside * aside;
    if (squared < nearest) [best, nearest] = [at, squared];
  }
  return best;
}

/** Is a place inside a closed outline (even-odd rule)? */
export function isInside(outline: readonly Place[], { x, y }: Place): boolean {
  let inside = false;
  for (let at = 0, before = outline.length - 1; at < outline.length; before = at++) {
    const [a, b] = [outline[at]!, outline[before]!];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/** The points inside an outline. */
export function pointsInside(places: Float32Array, outline: readonly Place[]): number[] {
  const [xs, ys] = [outline.map((place) => place.x), outline.map((place) => place.y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  for (let at = 0; 2 * at < places.length; at++) {
    const [x, y] = [places[2 * at]!, places[2 * at + 1]!];
    if (x < left || x > right || y < top || y > bottom) continue;
    if (isInside(outline, { x, y })) found.push(at);
  }
  return found;
}

/** The four corners of a rectangle between two places. */
export function rectangle(from: Place, to: Place): Place[] {
  return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }];
}

/** A number of an axis and where it stands, in CSS pixels from the figure's left or top. */
export interface AxisTick {
  readonly at: number;
  readonly value: number;
}

/** The numbers of both axes of a view on a figure of a size. */
export function axisTicks(
  view: View,
  width: number,
  height: number,
): { readonly x: AxisTick[]; readonly y: AxisTick[] } {
  const across = width / (view.right - view.left);
  const up = height / (view.top - view.bottom);
  const x = linearValues(view.left, view.right, Math.max(2, Math.floor(width / 90)));
  const y = linearValues(view.bottom, view.top, Math.max(2, Math.floor(height / 60)));
  return {
    x: x.map((value) => ({ value, at: (value - view.left) * across })),
    y: y.map((value) => ({ value, at: (view.top - value) * up })),
  };
}

/** What the points are painted with: 0xAABBGGRR each. */
export interface PointPaint {
  readonly colours: Uint32Array;
  readonly ground: number;
  /** Around each dot, so that the ends of a colour scale stand out from the ground; null for none. */
  readonly halo: number | null;
  /** Of a dot, in pixels of the picture. */
  readonly radius: number;
}

/** Paints dots into a picture of a size in pixels, the later over the earlier. `places` are in the same pixels. */
export function paintPoints(
  places: Float32Array,
  { colours, ground, halo, radius }: PointPaint,
  width: number,
  height: number,
): Uint32Array<ArrayBuffer> {
  const picture = { width, height, pixels: new Uint32Array(width * height).fill(ground) };
  const [dot, ring] = [discSpans(radius), discSpans(radius + 1)];
  for (let at = 0; 2 * at < places.length; at++) {
    const [x, y] = [Math.round(places[2 * at]!), Math.round(places[2 * at + 1]!)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    if (halo !== null) paintDisc(picture, ring, x, y, halo);
    paintDisc(picture, dot, x, y, colours[at]!);
  }
  return picture.pixels;
}

interface PaintedPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/** Paints what of a disc lies inside the picture. */
function paintDisc(
  { width, height, pixels }: PaintedPicture,
  spans: readonly number[],
  x: number,
  y: number,
  colour: number,
): void {
  const radius = (spans.length - 1) / 2;
  for (let line = 0; line < spans.length; line++) {
    const row = y + line - radius;
    if (row < 0 || row >= height) continue;
    const half = spans[line]!;
    const [from, to] = [Math.max(0, x - half), Math.min(width, x + half + 1)];
    if (from < to) pixels.fill(colour, row * width + from, row * width + to);
  }
}

/** Half widths of a disc's lines from top to bottom. */
function discSpans(radius: number): number[] {
  return Array.from({ length: 2 * radius + 1 }, (_, line) =>
    Math.floor(Math.sqrt(Math.max(0, (radius + 0.4) ** 2 - (line - radius) ** 2))),
  );
}
