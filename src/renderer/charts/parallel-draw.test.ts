import { describe, expect, it } from 'vitest';
import { lineHeightAt, nearestLine, type ParallelLine } from './parallel-draw.ts';

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
