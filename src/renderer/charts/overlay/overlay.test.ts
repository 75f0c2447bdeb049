import { describe, expect, it } from 'vitest';
import { axisPlace, axisTicks, axisValue, roundTicks } from './axis-scale.ts';
import { linesExtent, nearestPoint, placeLines, seenRange, type OverlayLine } from './overlay-lines.ts';
import { fitView, panView, pixelX, pixelY, zoomView } from './overlay-view.ts';

const box = { left: 50, top: 10, width: 200, height: 100 };

function line(key: string, x: number[], y: number[], change: Partial<OverlayLine> = {}): OverlayLine {
  const plain = { key, id: key, label: key, colour: '#000000', split: 'dev', raw: null } as const;
  return { ...plain, band: null, counts: null, x: Float64Array.from(x), y: Float64Array.from(y), ...change };
}

describe('the ticks of an axis', () => {
  it('are round numbers inside the stretch', () => {
    expect(roundTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks([3.2, 47], 5)).toEqual([10, 20, 30, 40]);
    expect(roundTicks([0.05, 0.97], 4.4)).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(roundTicks([-0.031, 0.029], 6)).toEqual([-0.03, -0.02, -0.01, 0, 0.01, 0.02]);
  });

  it('are decades on a logarithmic axis, round numbers within a single one', () => {
    expect(axisTicks([-3, 0], true, 5).map(({ value }) => value)).toEqual([0.001, 0.01, 0.1, 1]);
    const within = axisTicks([Math.log10(0.21), Math.log10(0.62)], true, 5);
    expect(within.map(({ value }) => value)).toEqual([0.3, 0.4, 0.5, 0.6]);
    expect(within[0]?.place).toBeCloseTo(Math.log10(0.3), 12);
  });

  it('have a place for every number of a linear axis, for positive ones of a logarithmic', () => {
    expect(axisPlace(-2, false)).toBe(-2);
    expect(axisPlace(0, true)).toBeNaN();
    expect(axisValue(axisPlace(0.037, true), true)).toBeCloseTo(0.037, 12);
  });
});

describe('the view on overlaid curves', () => {
  const whole = fitView([0, 10], [1, 2]);

  it('holds all of the data and leaves room above and below', () => {
    expect(whole.x).toEqual([0, 10]);
    expect(whole.y[0]).toBeLessThan(1);
    expect(whole.y[1]).toBeGreaterThan(2);
    expect(fitView([3, 3], [0, 0]).x[0]).toBeLessThan(3);
    expect(fitView([Infinity, -Infinity], [0, 1]).x).toEqual([0, 1]);
  });

  it('follows the pointer when panned', () => {
    const place = 4;
    const before = pixelX(whole, box, place);
    const moved = panView(whole, box, 30, -12);
    expect(pixelX(moved, box, place)).toBeCloseTo(before + 30, 9);
    expect(pixelY(moved, box, 1.5)).toBeCloseTo(pixelY(whole, box, 1.5) - 12, 9);
  });

  it('keeps what is under the pointer when zoomed, and only scales the axes asked for', () => {
    const at = { x: 120, y: 40 };
    const near = zoomView(whole, whole, box, at, 0.5);
    expect(near.x[1] - near.x[0]).toBeCloseTo(5, 9);
    const under = whole.x[0] + ((at.x - box.left) / box.width) * 10;
    expect(pixelX(near, box, under)).toBeCloseTo(at.x, 9);
    expect(zoomView(whole, whole, box, at, 0.5, 'x').y).toEqual(whole.y);
  });

  it('never zooms past what makes sense', () => {
    let view = whole;
    for (let i = 0; i < 200; i++) view = zoomView(view, whole, box, { x: 100, y: 50 }, 0.8);
    expect(view.x[1] - view.x[0]).toBeGreaterThan(10 * 1e-5);
    for (let i = 0; i < 200; i++) view = zoomView(view, whole, box, { x: 100, y: 50 }, 1.3);
    expect(view.x[1] - view.x[0]).toBeLessThan(10 * 5);
  });
});

describe('overlaid curves', () => {
  it('draw what is seen and one neighbour on either side', () => {
    const x = Float64Array.from([0, 1, 2, 3, 4, 5, 6]);
    expect(seenRange(x, [1.5, 3.5])).toEqual([1, 5]);
    expect(seenRange(x, [-10, 10])).toEqual([0, 7]);
    expect(seenRange(x, [2, 4])).toEqual([1, 6]);
  });

  it('extend over raw lines and bands, and leave zeros out of a logarithmic axis', () => {
    const lines = [
      line('a', [1, 2], [0.1, 0], { raw: Float64Array.of(1, 0.01) }),
      line('b', [3], [0.5], { band: { low: Float64Array.of(0.2), high: Float64Array.of(10) } }),
    ];
    const extent = linesExtent(placeLines(lines, true));
    expect(extent.x).toEqual([1, 3]);
    expect(extent.y[0]).toBeCloseTo(-2, 12);
    expect(extent.y[1]).toBeCloseTo(1, 12);
  });

  it('name the point nearest to the pointer, and none beyond reach', () => {
    const lines = placeLines([line('a', [0, 5, 10], [1, 1, 1]), line('b', [0, 5, 10], [2, 2, 2])], false);
    const view = { x: [0, 10], y: [0, 3] } as const;
    const near = nearestPoint(lines, view, box, { x: 152, y: 45 }, 30);
    expect([near?.line.key, near?.index]).toEqual(['b', 1]);
    expect(nearestPoint(lines, view, box, { x: 100, y: 45 }, 10)).toBeNull();
  });
});
