import type { Fill, Mark, Point, Stroke } from './scene.ts';
import { print } from './theme.ts';

/** Shapes that are told apart without colour, in the order of the palette. */
export const MARKER_SHAPES = ['circle', 'square', 'triangle', 'diamond', 'ring', 'cross', 'plus'] as const;
export type MarkerShape = (typeof MARKER_SHAPES)[number];

/** The shape that goes with a place of the palette. */
export function markerOf(colour: number): MarkerShape {
  return MARKER_SHAPES[colour % MARKER_SHAPES.length]!;
}

/** A marker around its middle; `radius` is that of a circle of the same weight. */
export function marker(
  shape: MarkerShape,
  at: Point,
  colour: string,
  radius: number = print.markRadius,
): Mark {
  return markerMark(
    shape,
    at,
    { fill: { colour }, stroke: null },
    { colour, width: print.lineWidth },
    radius,
  );
}

/** The same as an outline on white. */
export function hollowMarker(
  shape: MarkerShape,
  at: Point,
  colour: string,
  radius: number = print.markRadius,
): Mark {
  const stroke: Stroke = { colour, width: print.thinWidth };
  return markerMark(shape, at, { fill: { colour: print.ground }, stroke }, stroke, radius);
}

interface Look {
  readonly fill: Fill;
  readonly stroke: Stroke | null;
}

function markerMark(shape: MarkerShape, at: Point, look: Look, stroke: Stroke, radius: number): Mark {
  switch (shape) {
    case 'circle':
      return { kind: 'circle', centre: at, radius, ...look };
    case 'ring':
      return { kind: 'circle', centre: at, radius, fill: { colour: print.ground }, stroke };
    case 'square':
      return shapeMark(at, radius * 0.9, SQUARE, look);
    case 'triangle':
      return shapeMark(at, radius * 1.25, TRIANGLE, look);
    case 'diamond':
      return shapeMark(at, radius * 1.3, DIAMOND, look);
    case 'cross':
      return crossMark(at, radius, CROSS, stroke);
    case 'plus':
      return crossMark(at, radius * 1.2, PLUS, stroke);
  }
}

type Corners = readonly (readonly [number, number])[];

const SQUARE: Corners = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];
const TRIANGLE: Corners = [
  [0, -1],
  [0.95, 0.7],
  [-0.95, 0.7],
];
const DIAMOND: Corners = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];
const CROSS: readonly Corners[] = [
  [
    [-1, -1],
    [1, 1],
  ],
  [
    [-1, 1],
    [1, -1],
  ],
];
const PLUS: readonly Corners[] = [
  [
    [0, -1],
    [0, 1],
  ],
  [
    [-1, 0],
    [1, 0],
  ],
];

function place(at: Point, radius: number, corners: Corners): Point[] {
  return corners.map(([x, y]) => ({ x: at.x + radius * x, y: at.y + radius * y }));
}

function shapeMark(at: Point, radius: number, corners: Corners, look: Look): Mark {
  return { kind: 'path', lines: [place(at, radius, corners)], closed: true, ...look };
}

function crossMark(at: Point, radius: number, arms: readonly Corners[], stroke: Stroke): Mark {
  const lines = arms.map((arm) => place(at, radius, arm));
  return { kind: 'path', lines, closed: false, fill: null, stroke };
}
