import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualRows } from './virtual-rows.svelte.ts';

describe('the rows of a long table', () => {
  let count: number;
  let rows: VirtualRows;

  beforeEach(() => {
    count = 1_000;
    rows = new VirtualRows(20, () => count);
    rows.height = 200;
  });

  it('are drawn where they are in sight, and six more on either side', () => {
    expect([rows.first, rows.end]).toEqual([0, 16]);
    rows.top = 1_000;
    expect([rows.first, rows.end]).toEqual([44, 66]);
    expect(rows.visible).toEqual(Array.from({ length: 22 }, (_, i) => 44 + i));
    rows.top = 20_000;
    expect(rows.end).toBe(1_000);
  });

  it('never need more places than there are', () => {
    for (let top = 0; top < 19_800; top += 7) {
      rows.top = top;
      expect(rows.visible.length).toBeLessThanOrEqual(rows.places);
    }
  });

  it('are gone through by keys, and not beyond the ends', () => {
    rows.active = 5;
    const led = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'];
    expect(led.map((key) => rows.rowForKey(key))).toEqual([6, 4, 13, 0, 0, 999, null]);
    rows.active = 999;
    expect(rows.rowForKey('ArrowDown')).toBe(999);
  });

  it('are scrolled to no further than needed', () => {
    expect(rows.scrollTopFor(3, 0, 200)).toBe(0);
    expect(rows.scrollTopFor(3, 500, 200)).toBe(60);
    // The header takes a row's height: with it, row 30 ends at 640.
    expect(rows.scrollTopFor(30, 0, 200)).toBe(440);
  });
});

describe('the active row of a long table', () => {
  it('is the last one where rows have gone, and drawn only in sight', () => {
    const rows = new VirtualRows(20, () => 3);
    rows.active = 7;
    expect(rows.active).toBe(2);
    expect(rows.isActiveDrawn).toBe(true);
    const long = new VirtualRows(20, () => 1_000);
    long.top = 10_000;
    expect(long.isActiveDrawn).toBe(false);
  });
});
