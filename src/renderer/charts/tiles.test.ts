import { describe, expect, it } from 'vitest';
import { columnsFor, layTiles, paintTiles, tileByKey, tilePlace, tileScale } from './tiles.ts';

describe('tiles', () => {
  it('stand in rows with a gap between them', () => {
    const layout = layTiles(5, 4, 2, 3, 2);
    expect(layout).toMatchObject({ columns: 3, rows: 2, width: 16, height: 6 });
    expect(tilePlace(layout, 4)).toEqual({ left: 6, top: 4 });
  });

  it('take no more columns than there are tiles', () => {
    expect(layTiles(2, 4, 4, 9).columns).toBe(2);
    expect(layTiles(0, 4, 4, 9)).toMatchObject({ columns: 1, rows: 1 });
  });

  it('are painted where they stand, clear between', () => {
    const layout = layTiles(2, 1, 1, 2);
    const { pixels, width, height } = paintTiles(layout, (tile) => 0xff000000 + tile + 1);
    expect([width, height]).toEqual([3, 1]);
    expect([...pixels]).toEqual([1, 0, 0, 255, 0, 0, 0, 0, 2, 0, 0, 255]);
  });

  it('are drawn in whole screen pixels, as many in a row as fit', () => {
    expect([tileScale(28, 52), tileScale(200, 52)]).toEqual([2, 1]);
    expect(columnsFor(59, 4, 1, 1)).toBe(12);
    expect(columnsFor(3, 4, 1, 1)).toBe(1);
  });

  it('are reached by arrow keys, not beyond the ends', () => {
    const layout = layTiles(5, 1, 1, 3);
    const from1 = ['ArrowRight', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'Enter'].map((key) =>
      tileByKey(layout, 1, key),
    );
    expect(from1).toEqual([2, 4, 1, 0, 4, null]);
  });
});
