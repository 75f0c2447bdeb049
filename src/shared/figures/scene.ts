/** Everything is in points (1/72 inch), y downwards from the upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A line's look; colours are "#rrggbb". */
export interface Stroke {
  readonly colour: string;
  readonly width: number;
  /** Lengths of strokes and gaps in turn. */
  readonly dash?: readonly number[];
  readonly opacity?: number;
}

export interface Fill {
  readonly colour: string;
  readonly opacity?: number;
}

export interface TextMark extends Point {
  readonly kind: 'text';
  /** One line; `y` is its baseline. */
  readonly text: string;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly colour: string;
  readonly bold: boolean;
  /** Degrees, clockwise around its place. */
  readonly rotate: number;
}

export interface LineMark {
  readonly kind: 'line';
  readonly from: Point;
  readonly to: Point;
  readonly stroke: Stroke;
}

/** Polylines, or with `closed` polygons whose overlaps are holes (even-odd). */
export interface PathMark {
  readonly kind: 'path';
  readonly lines: readonly (readonly Point[])[];
  readonly closed: boolean;
  readonly stroke: Stroke | null;
  readonly fill: Fill | null;
}

export interface RectMark extends Box {
  readonly kind: 'rect';
  readonly stroke: Stroke | null;
  readonly fill: Fill | null;
}

export interface CircleMark {
  readonly kind: 'circle';
  readonly centre: Point;
  readonly radius: number;
  readonly stroke: Stroke | null;
  readonly fill: Fill | null;
}

/** A picture whose pixels stay squares. */
export interface ImageMark extends Box {
  readonly kind: 'image';
  readonly columns: number;
  readonly rows: number;
  /** Red, green, blue of each pixel, row by row. */
  readonly pixels: Uint8Array;
}

/** Marks moved by an offset, and cut off outside of `clip` (in the group's own coordinates). */
export interface GroupMark extends Point {
  readonly kind: 'group';
  readonly clip: Box | null;
  readonly marks: readonly Mark[];
}

export type Mark = TextMark | LineMark | PathMark | RectMark | CircleMark | ImageMark | GroupMark;

/** A part of a figure as drawn at a width: how high it is, and its marks from the lowest to the topmost. */
export interface Drawing {
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** A whole figure, ready to be written to a file of any kind. */
export interface Scene extends Drawing {
  readonly width: number;
  readonly title: string;
  /** The figure in words, for who cannot see it. */
  readonly description: string;
  readonly runIds: readonly string[];
  /** The program's name and version. */
  readonly creator: string;
}

interface TextOptions {
  readonly anchor?: TextMark['anchor'];
  readonly size?: number;
  readonly colour?: string;
  readonly bold?: boolean;
  readonly rotate?: number;
}

/** Size of all text but what says otherwise. */
export const TEXT_SIZE = 8;

export function text(content: string, at: Point, options: TextOptions = {}): TextMark {
  const { anchor = 'start', size = TEXT_SIZE, colour = '#000000', bold = false, rotate = 0 } = options;
  return { kind: 'text', text: content, x: at.x, y: at.y, anchor, size, colour, bold, rotate };
}

export function line(from: Point, to: Point, stroke: Stroke): LineMark {
  return { kind: 'line', from, to, stroke };
}

export function polyline(points: readonly Point[], stroke: Stroke): PathMark {
  return { kind: 'path', lines: [points], closed: false, stroke, fill: null };
}

export function polygon(points: readonly Point[], fill: Fill | null, stroke: Stroke | null = null): PathMark {
  return { kind: 'path', lines: [points], closed: true, stroke, fill };
}

export function rect(box: Box, fill: Fill | null, stroke: Stroke | null = null): RectMark {
  return { kind: 'rect', x: box.x, y: box.y, width: box.width, height: box.height, fill, stroke };
}

export function group(offset: Point, marks: readonly Mark[], clip: Box | null = null): GroupMark {
  return { kind: 'group', x: offset.x, y: offset.y, clip, marks };
}
