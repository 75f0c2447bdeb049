import { describe, expect, it } from 'vitest';
import { pictureOf, rowText } from './example-look.ts';

describe('an example', () => {
  it('is a grey picture with one channel', () => {
    const picture = pictureOf({ row: 0, shape: [1, 2, 1], values: Uint8Array.from([0, 200]) });
    expect([picture?.width, picture?.height]).toEqual([2, 1]);
    expect([...picture!.pixels]).toEqual([0, 0, 0, 255, 200, 200, 200, 255]);
  });

  it('is a coloured picture with three', () => {
    const picture = pictureOf({ row: 0, shape: [1, 1, 3], values: Uint8Array.from([10, 20, 30]) });
    expect([...picture!.pixels]).toEqual([10, 20, 30, 255]);
  });

  it('is a row of numbers otherwise, with names where there are some', () => {
    const example = { row: 0, shape: [3], values: Float32Array.from([0.25, -1.5, 1_000_000]) };
    expect(pictureOf(example)).toBeNull();
    expect(rowText(example, ['x', 'y'])).toBe('x 0.25, y -1.5, 1e6');
    expect(rowText(example, [], 2)).toBe('0.25, -1.5 and 1 more');
  });
});
