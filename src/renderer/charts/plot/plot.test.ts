import { describe, expect, it } from 'vitest';
import { plotTicks, shareView, valueAtShare, type PlotAxis } from './plot-axes.ts';
import { nearestOf, nextAlong } from './plot-points.ts';

const numbers: PlotAxis = { title: 'x', categories: null, logarithmic: false, span: [0, 10] };
const decades: PlotAxis = { title: 'rate', categories: null, logarithmic: true, span: [-4, -2] };
const words: PlotAxis = { title: 'units', categories: ['20', '50', '100'], logarithmic: false, span: [0, 2] };
const box = { left: 50, top: 10, width: 200, height: 100 };

describe('the axes of a plot', () => {
  it('stand at shares: round numbers, decades, words with half a place on either side', () => {
    expect(plotTicks(numbers, 5).map(({ text, share }) => [text, share])).toEqual([
      ['0', 0],
      ['2', 0.2],
      ['4', 0.4],
      ['6', 0.6],
      ['8', 0.8],
      ['10', 1],
    ]);
    expect(plotTicks(decades, 5).map(({ text }) => text)).toEqual(['1e-4', '0.001', '0.01']);
    expect(plotTicks(words, 1).map(({ share }) => share)).toEqual([0, 0.5, 1]);
    expect(shareView(words, numbers).x).toEqual([-0.25, 1.25]);
    expect(plotTicks({ ...words, categories: ['only'] }, 1)[0]?.share).toBe(0.5);
  });

  it('say the value of a share', () => {
    expect(valueAtShare(numbers, 0.35)).toBeCloseTo(3.5, 12);
    expect(valueAtShare(decades, 0.5)).toBeCloseTo(1e-3, 12);
  });
});

describe('the points of a plot', () => {
  const points = {
    x: [0, 0.5, 0.5, 1, Number.NaN],
    y: [0, 0.5, 0.6, 1, 0.5],
    kept: [true, true, true, true, true],
  };
  const frame = { view: { x: [0, 1], y: [0, 1] } as const, box };

  it('are found near the pointer, and those the brushes dropped are not', () => {
    expect(nearestOf(frame, points, { x: 152, y: 61 }, 16)).toBe(1);
    expect(nearestOf(frame, points, { x: 152, y: 49 }, 16)).toBe(2);
    expect(nearestOf(frame, points, { x: 100, y: 60 }, 16)).toBeNull();
    expect(nearestOf(frame, { ...points, kept: [true, false, true, true] }, { x: 152, y: 61 }, 16)).toBe(2);
  });

  it('are gone through along x by keys, each once', () => {
    const way: (number | null)[] = [];
    for (let at = nextAlong(points, null, 1); at !== null; at = nextAlong(points, at, 1)) way.push(at);
    expect(way).toEqual([0, 1, 2, 3]);
    expect(nextAlong(points, 2, -1)).toBe(1);
    expect(nextAlong(points, 0, -1)).toBeNull();
  });
});
