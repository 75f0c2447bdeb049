import { describe, expect, it } from 'vitest';
import type { ChartTheme } from './chart.ts';
import { drawParallel, lineHeightAt, nearestLine, type ParallelLine } from './parallel-draw.ts';

const line = (key: string, shares: number[], kept = true): ParallelLine => ({
  key,
  colour: '#000000',
  shares,
  kept,
});

describe('lines over parallel axes', () => {
  const lines = [
    line('up', [0, 1, NaN]),
    line('flat', [0.5, 0.5, 0.5]),
    line('gone', [0.2, 0.2, 0.2], false),
  ];
  const scene = { lines, columns: [0, 100, 200], top: 10, height: 100 };

  it('are straight between two axes', () => {
    expect(lineHeightAt(scene, lines[0]!, 25)).toBe(10 + 75);
    expect(lineHeightAt(scene, lines[0]!, 100)).toBe(10);
  });

  it('break where an axis has no place for them, and end at the last', () => {
    expect(lineHeightAt(scene, lines[0]!, 150)).toBeNull();
    expect(lineHeightAt(scene, lines[1]!, 250)).toBeNull();
    expect(lineHeightAt(scene, lines[1]!, -5)).toBeNull();
  });

  it('are found by the pointer, those brushed away never', () => {
    expect(nearestLine(scene, { x: 50, y: 62 }, 6)?.key).toBe('flat');
    expect(nearestLine(scene, { x: 80, y: 30 }, 6)?.key).toBe('up');
    expect(nearestLine(scene, { x: 150, y: 90 }, 6)).toBeNull();
  });
});

describe('drawing lines over parallel axes', () => {
  /** The strokes made, each with its opacity, width in CSS pixels, colour and lines begun. */
  function strokesOf(lines: readonly ParallelLine[], ratio = 1) {
    const strokes: { opacity: number; width: number; colour: string; lines: number }[] = [];
    let begun = 0;
    const context = {
      globalAlpha: 1,
      lineWidth: 1,
      strokeStyle: '',
      getTransform: () => ({ a: ratio }),
      beginPath: () => (begun = 0),
      moveTo: () => begun++,
      lineTo: () => undefined,
      stroke() {
        strokes.push({
          opacity: this.globalAlpha,
          width: this.lineWidth,
          colour: this.strokeStyle,
          lines: begun,
        });
      },
    };
    const scene = { lines, columns: [0, 100], top: 0, height: 100, lifted: null };
    drawParallel(context as unknown as CanvasRenderingContext2D, {
      ...scene,
      theme: { text: 'grey' } as ChartTheme,
    });
    return strokes;
  }
  const many = (count: number, kept = true) =>
    Array.from({ length: count }, (_, i) => ({
      ...line(String(i), [0, 1], kept),
      colour: i % 2 ? 'red' : 'blue',
    }));

  it('is one by one where they are few', () => {
    expect(strokesOf(many(10))).toHaveLength(10);
    expect(strokesOf(many(10))[0]).toMatchObject({ width: 1.5, lines: 1 });
  });

  it('is by colour and by single pixels of the screen in a crowd, and misses none', () => {
    const strokes = strokesOf([...many(2_000), ...many(500, false)], 2);
    expect(strokes.length).toBeLessThan(100);
    expect(strokes.every(({ width }) => width === 0.5)).toBe(true);
    const drawn = (colour: string) =>
      strokes.filter((stroke) => stroke.colour === colour).reduce((sum, stroke) => sum + stroke.lines, 0);
    expect([drawn('red'), drawn('blue'), drawn('grey')]).toEqual([1_000, 1_000, 500]);
  });

  it('lets those brushed away stay faint, however many', () => {
    const faint = strokesOf([...many(5), ...many(2_495, false)]).filter(({ colour }) => colour === 'grey');
    expect(faint.reduce((sum, { opacity }) => sum + opacity, 0)).toBeLessThan(0.6);
  });
});
