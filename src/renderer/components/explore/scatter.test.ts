import { describe, expect, it } from 'vitest';
import { sampleRandom } from '../../state/testing/sample-results.ts';
import { evenIndices, pairPoints } from './pair-points.ts';
import {
  axisTicks,
  isInside,
  nearestPoint,
  paintPoints,
  placesOf,
  pointsInside,
  pointTowards,
  rectangle,
  viewOfAll,
  zoomed,
  type Points,
} from './scatter.ts';

const points = (pairs: readonly (readonly [number, number])[]): Points => ({
  x: Float32Array.from(pairs, ([x]) => x),
  y: Float32Array.from(pairs, ([, y]) => y),
  index: Uint32Array.from(pairs, (_, at) => at),
});
const unit = { left: 0, right: 1, bottom: 0, top: 1 };

describe('a view', () => {
  it('holds every finite point', () => {
    const view = viewOfAll(
      points([
        [0, 5],
        [10, -5],
        [Number.NaN, 3],
      ]),
      0.1,
    );
    expect(view).toEqual({ left: -1, right: 11, bottom: -6, top: 6 });
    const flat = viewOfAll(points([[3, 3]]));
    expect(flat.right).toBeGreaterThan(flat.left);
  });

  it('puts up upwards', () => {
    expect([
      ...placesOf(
        points([
          [0, 0],
          [1, 1],
        ]),
        unit,
        200,
        100,
      ),
    ]).toEqual([0, 100, 200, 0]);
  });

  it('goes nearer about a place that stays where it is', () => {
    const at = { x: 50, y: 25 };
    const near = zoomed(unit, 4, at, 200, 100);
    expect(near.right - near.left).toBeCloseTo(0.25);
    const [x, y] = placesOf(points([[0.25, 0.75]]), near, 200, 100);
    expect([x, y]).toEqual([expect.closeTo(50), expect.closeTo(25)]);
  });

  it('has round numbers on its axes, each where it is', () => {
    const { x, y } = axisTicks({ left: -0.04, right: 1.04, bottom: 0, top: 200 }, 540, 300);
    expect(x.map((tick) => tick.value)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(x[0]!.at).toBeCloseTo(20);
    expect(y.find((tick) => tick.value === 200)?.at).toBeCloseTo(0);
  });
});

describe('a place', () => {
  const places = placesOf(
    points([
      [0.1, 0.5],
      [0.5, 0.5],
      [0.52, 0.9],
    ]),
    unit,
    100,
    100,
  );

  it('finds the nearest point within reach', () => {
    expect(nearestPoint(places, { x: 48, y: 51 }, 10)).toBe(1);
    expect(nearestPoint(places, { x: 30, y: 50 }, 10)).toBe(-1);
  });

  it('leads to the next point the way an arrow goes', () => {
    expect(pointTowards(places, 0, 'ArrowRight')).toBe(1);
    expect(pointTowards(places, 1, 'ArrowUp')).toBe(2);
    expect(pointTowards(places, 1, 'ArrowDown')).toBe(1);
    expect(pointTowards(places, 1, 'Enter')).toBeNull();
  });
});

describe('an outline', () => {
  it('holds what lies in its bends only', () => {
    const u = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 30 },
      { x: 20, y: 30 },
      { x: 20, y: 0 },
      { x: 30, y: 0 },
      { x: 30, y: 40 },
      { x: 0, y: 40 },
    ];
    expect(isInside(u, { x: 5, y: 5 })).toBe(true);
    expect(isInside(u, { x: 15, y: 5 })).toBe(false);
    expect(isInside(u, { x: 15, y: 35 })).toBe(true);
    expect(isInside(u, { x: 35, y: 35 })).toBe(false);
  });

  it('that is a rectangle holds what lies between its corners, drawn either way', () => {
    const random = sampleRandom(3);
    const places = Float32Array.from({ length: 400 }, () => random() * 100);
    const expected = Array.from({ length: 200 }, (_, at) => at).filter(
      (at) =>
        places[2 * at]! > 20 && places[2 * at]! < 60 && places[2 * at + 1]! > 30 && places[2 * at + 1]! < 90,
    );
    const corners = [
      { x: 20, y: 30 },
      { x: 60, y: 90 },
    ] as const;
    expect(pointsInside(places, rectangle(corners[0], corners[1]))).toEqual(expected);
    expect(pointsInside(places, rectangle(corners[1], corners[0]))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });
});

describe('painted points', () => {
  const paint = { colours: Uint32Array.of(5, 6), ground: 1, halo: null, radius: 1 };

  it('are dots where they are, cut at the edges, the later over the earlier', () => {
    const pixels = paintPoints(Float32Array.of(0, 0, 1, 0), paint, 4, 4);
    expect([...pixels.subarray(0, 4)]).toEqual([6, 6, 6, 1]);
    expect(pixels[4]).toBe(5);
    expect(pixels.filter((pixel) => pixel === 1).length).toBeGreaterThan(8);
  });

  it('leave out what is not finite', () => {
    const pixels = paintPoints(Float32Array.of(Number.NaN, 2, Infinity, 0), paint, 4, 4);
    expect([...new Set(pixels)]).toEqual([1]);
  });

  it('stand in a ring where their colours are a scale', () => {
    const pixels = paintPoints(Float32Array.of(4, 4), { ...paint, halo: 9 }, 9, 9);
    expect([pixels[4 * 9 + 4], pixels[4 * 9 + 6]]).toEqual([5, 9]);
  });
});

describe('a pair of columns', () => {
  it('is drawn of examples spread evenly over all', () => {
    expect([...evenIndices(10, 5)]).toEqual([0, 2, 4, 6, 8]);
    expect([...evenIndices(3, 5)]).toEqual([0, 1, 2]);
    const drawn = pairPoints([1, 2, 3, 4], [5, 6, 7, 8], Uint32Array.of(1, 3));
    expect([[...drawn.x], [...drawn.y]]).toEqual([
      [2, 4],
      [6, 8],
    ]);
  });
});
