import { describe, expect, it } from 'vitest';
import { blankPicture, inverted, Stroke, tinted, type Ink } from './pad-picture.ts';

const white: Ink = [255, 255, 255];

describe('a stroke', () => {
  const shape = [9, 9, 1] as const;
  const line = (to: { x: number; y: number }, radius = 1) =>
    new Stroke(shape, blankPicture(shape), { radius, ink: white }, { x: 1.5, y: 4.5 }).to(to);
  const at = (values: Float32Array, row: number, column: number) => values[row * 9 + column]!;

  it('is full along its middle, soft at its edge and nowhere else', () => {
    const values = line({ x: 7.5, y: 4.5 });
    for (let column = 1; column < 8; column++) {
      expect(at(values, 4, column)).toBe(255);
      expect(at(values, 3, column)).toBeGreaterThan(0);
      expect(at(values, 3, column)).toBeLessThan(255);
      expect(at(values, 2, column)).toBe(0);
    }
  });

  it('lays down as much ink as its area, whatever its slope', () => {
    // A capsule: its length times its width, and half a disc at each end.
    const area = (length: number, radius: number) => 2 * radius * length + Math.PI * radius ** 2;
    const inkOf = (values: Float32Array) => values.reduce((sum, value) => sum + value / 255, 0);
    expect(inkOf(line({ x: 6.5, y: 4.5 }))).toBeCloseTo(area(5, 1), 0);
    expect(inkOf(line({ x: 5.5, y: 7.5 }))).toBeCloseTo(area(5, 1), 0);
  });

  it('makes nothing darker by going over it again, and leaves what it began on as it was', () => {
    const base = blankPicture(shape);
    const stroke = new Stroke(shape, base, { radius: 1, ink: white }, { x: 2, y: 2 });
    const once = stroke.to({ x: 6, y: 6 });
    stroke.to({ x: 2, y: 2 });
    expect(stroke.to({ x: 6, y: 6 })).toEqual(once);
    expect(base).toEqual(blankPicture(shape));
  });

  it('paints in colour over a coloured picture', () => {
    const coloured = [1, 1, 3] as const;
    const pen = { radius: 3, ink: [10, 20, 30] as const };
    const values = new Stroke(coloured, blankPicture(coloured, 90), pen, { x: 0.5, y: 0.5 }).to({
      x: 0.5,
      y: 0.5,
    });
    expect([...values]).toEqual([10, 20, 30]);
  });
});

describe('a picture', () => {
  it('is itself when it is inverted twice', () => {
    const values = Float32Array.of(0, 17, 128, 255);
    expect([...inverted(values)]).toEqual([255, 238, 127, 0]);
    expect(inverted(inverted(values))).toEqual(values);
  });

  it('is tinted as coloured USPS is: its brightness times the colour', () => {
    // White, half grey, already red, black.
    const values = Float32Array.of(255, 255, 255, 127.5, 127.5, 127.5, 204, 0, 0, 0, 0, 0);
    expect([...tinted(values, [255, 0, 255])]).toEqual([255, 0, 255, 127.5, 0, 127.5, 204, 0, 204, 0, 0, 0]);
  });
});
