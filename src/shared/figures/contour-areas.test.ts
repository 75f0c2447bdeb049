import { describe, expect, it } from 'vitest';
import { contourAreas } from './contour-areas.ts';

const SIDE = 24;

/** Cells with the value at their middles. */
function gridOf(value: (x: number, y: number) => number) {
  const cells = Float64Array.from({ length: SIDE * SIDE }, (_, at) =>
    value(((at % SIDE) + 0.5) / SIDE, (Math.floor(at / SIDE) + 0.5) / SIDE),
  );
  return { size: SIDE, cells };
}

describe('the bands of a contour plot', () => {
  it('cover the plane from the lowest level up, each from where its level is', () => {
    const areas = contourAreas(
      gridOf((x) => x),
      5,
    );
    const from = 0.5 / SIDE;
    expect(areas).toHaveLength(5);
    areas.forEach(({ level, rings }, band) => {
      expect(level).toBeCloseTo(from + (band / 5) * (1 - 2 * from), 10);
      const left = Math.min(...rings.flat().map(([x]) => x));
      expect(left).toBeCloseTo(band === 0 ? 0 : level, 2);
    });
  });

  it('leave out what is not known', () => {
    const areas = contourAreas(
      gridOf((x, y) => (x > 0.5 ? Number.NaN : y)),
      3,
    );
    const right = Math.max(...areas.flatMap(({ rings }) => rings.flat().map(([x]) => x)));
    expect(right).toBeLessThanOrEqual(0.5 + 1 / SIDE);
  });

  it('are one for a plane without slope and none where nothing is known', () => {
    expect(
      contourAreas(
        gridOf(() => 3),
        5,
      ),
    ).toHaveLength(1);
    expect(
      contourAreas(
        gridOf(() => Number.NaN),
        5,
      ),
    ).toEqual([]);
  });
});
