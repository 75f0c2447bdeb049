import { describe, expect, it } from 'vitest';
import { areasAbove, channelOf, evenLevels, marginOf, type PlaneField } from './plane.ts';

/** Two classes; the probability of the second grows from left (0) to right (1). */
function slope(side: number): PlaneField {
  const values = new Float32Array(side * side * 2);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const share = column / (side - 1);
      values.set([1 - share, share], (row * side + column) * 2);
    }
  }
  const axis = { minimum: -2, maximum: 2 };
  return {
    kind: 'plane',
    x: { name: 'x', ...axis },
    y: { name: 'y', ...axis },
    side,
    values,
    channels: 2,
  };
}

describe('a decision boundary', () => {
  it('lies where the two classes are equally likely, in the units of the features', () => {
    const field = slope(21);
    const [area] = areasAbove(field, marginOf(field, 1), [0]);
    const xs = area!.rings.flat().map(([x]) => x);
    expect(Math.min(...xs)).toBeCloseTo(0, 6);
    expect(Math.max(...xs)).toBeGreaterThanOrEqual(2);
  });

  it('encloses a chosen disc', () => {
    const field = { ...slope(41), channels: 1 };
    const axis = (at: number) => -2 + (4 * at) / 40;
    const disc = Array.from({ length: 41 * 41 }, (_, at) => {
      const [x, y] = [axis(at % 41), axis(Math.floor(at / 41))];
      return 1 - Math.hypot(x, y);
    });
    const [area] = areasAbove(field, disc, [0]);
    for (const [x, y] of area!.rings.flat()) expect(Math.hypot(x, y)).toBeCloseTo(1, 1);
  });

  it('is empty for a class that is chosen nowhere', () => {
    const field = slope(5);
    field.values.fill(0.5);
    const low = marginOf(field, 0).map((value) => value - 0.1);
    expect(areasAbove(field, low, [0])[0]!.rings).toEqual([]);
  });
});

describe('a field', () => {
  it('is taken apart by channel', () => {
    expect(channelOf(slope(2), 1)).toEqual([0, 1, 0, 1]);
  });

  it('has levels between its ends', () => {
    expect(evenLevels([0, 4, 2], 3)).toEqual([1, 2, 3]);
  });
});
