import { describe, expect, it } from 'vitest';
import {
  cellBox,
  layOut,
  moveByKey,
  pagesBetween,
  pageSize,
  pictureSide,
  positionAt,
  positionsOf,
  scrollFor,
  type CellSize,
} from './explore-layout.ts';

const digits = (count = 70_000, width = 736, size: CellSize = 'medium', devicePixelRatio = 1) =>
  layOut({ width, size, shape: [28, 28, 1], count, devicePixelRatio });

describe('a picture', () => {
  it('is shown at a whole multiple of its pixels, so that all of them are alike', () => {
    expect(pictureSide(28, 'medium', 1)).toBe(56);
    expect(pictureSide(16, 'medium', 1) % 16).toBe(0);
    expect(pictureSide(32, 'large', 2) % 32).toBe(0);
  });

  it('that is larger than its cell is made smaller', () => {
    expect(pictureSide(200, 'small', 1)).toBe(28);
  });

  it('keeps its proportions', () => {
    const wide = layOut({ width: 700, size: 'medium', shape: [10, 20, 3], count: 5, devicePixelRatio: 1 });
    expect(wide.imageWidth).toBe(2 * wide.imageHeight);
  });
});

describe('a layout', () => {
  it('finds every cell where it says that it is, and none between', () => {
    const layout = digits(1_000);
    for (const position of [0, 1, layout.columns - 1, layout.columns, 537, 999]) {
      const { left, top, width, height } = cellBox(layout, position);
      expect(positionAt(layout, left + width / 2, top + height / 2)).toBe(position);
      expect(positionAt(layout, left - 1, top + 1)).toBeNull();
    }
    const last = cellBox(layout, 999);
    expect(positionAt(layout, last.left + 60 + 1, last.top + 1)).toBeNull();
  });

  it('fits the width', () => {
    for (const width of [90, 333, 736, 1_500]) {
      const layout = digits(100, width);
      const { left, width: own } = cellBox(layout, layout.columns - 1);
      expect(left + own).toBeLessThanOrEqual(Math.max(width, 61));
    }
  });

  it('has pages that hold every position once', () => {
    const layout = digits(5_003);
    const seen = Array.from({ length: layout.pages }, (_, page) => positionsOf(layout, page));
    expect(seen[0]![0]).toBe(0);
    expect(seen.at(-1)![1]).toBe(5_003);
    seen.slice(1).forEach(([from], at) => expect(from).toBe(seen[at]![1]));
  });

  it('has pages of a size that one frame composes and one answer brings', () => {
    for (const size of ['small', 'medium', 'large', 'huge'] as const) {
      const layout = digits(70_000, 1_200, size);
      const { width, height } = pageSize(layout);
      expect(width * height).toBeLessThanOrEqual(600_000);
      expect(layout.pagePerCount * 784).toBeLessThanOrEqual(120_000);
    }
  });

  it('knows which pages are seen', () => {
    const layout = digits(10_000);
    const pageHeight = layout.pageLines * layout.pitchY;
    expect(pagesBetween(layout, 0, 10)).toEqual([0, 0]);
    expect(pagesBetween(layout, pageHeight - 1, 2)).toEqual([0, 1]);
    expect(pagesBetween(layout, layout.heightCss, 500)[1]).toBe(layout.pages - 1);
  });

  it('is as high on a fine display in CSS pixels as on a coarse one', () => {
    expect(digits(1_000, 736, 'medium', 2).heightCss).toBeCloseTo(digits(1_000).heightCss, 0);
  });
});

describe('keys', () => {
  const layout = digits(100);
  const { columns } = layout;

  it('move by cell, line, page and to the ends', () => {
    expect(moveByKey('ArrowRight', 5, layout, 4)).toBe(6);
    expect(moveByKey('ArrowDown', 5, layout, 4)).toBe(5 + columns);
    expect(moveByKey('PageDown', 5, layout, 4)).toBe(5 + 3 * columns);
    expect(moveByKey('Home', 50, layout, 4)).toBe(0);
    expect(moveByKey('End', 50, layout, 4)).toBe(99);
    expect(moveByKey('x', 50, layout, 4)).toBeNull();
  });

  it('stay inside', () => {
    expect(moveByKey('ArrowLeft', 0, layout, 4)).toBe(0);
    expect(moveByKey('ArrowUp', 3, layout, 4)).toBe(3);
    expect(moveByKey('ArrowDown', 98, layout, 4)).toBe(99);
    expect(moveByKey('End', 0, digits(0), 4)).toBeNull();
  });
});

describe('scrolling to a cell', () => {
  it('moves no further than it must', () => {
    const layout = digits(1_000);
    expect(scrollFor(layout, 0, 0, 500)).toBeNull();
    const far = scrollFor(layout, 999, 0, 500)!;
    const { top, height } = cellBox(layout, 999);
    expect(far + 500).toBeGreaterThanOrEqual(top + height);
    expect(scrollFor(layout, 999, far, 500)).toBeNull();
    expect(scrollFor(layout, 0, far, 500)).toBe(0);
  });
});
