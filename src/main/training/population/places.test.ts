import { describe, expect, it } from 'vitest';
import { choosePlaces } from './places.ts';

const SMALL = 2_000;
const LARGE = 30_000;

function times(count: number, epochs: number): number[] {
  return Array<number>(count).fill(epochs);
}

describe('places of a population', () => {
  it('are as many as there are nets, where a cache holds them', () => {
    expect(choosePlaces(SMALL, times(20, 100))).toBe(20);
  });

  it('hold five folds together, however large the nets', () => {
    expect(choosePlaces(LARGE, times(5, 250))).toBe(5);
    expect(choosePlaces(10 * LARGE, times(5, 250))).toBe(5);
  });

  it('leave none empty where turns of fewer nets come out even', () => {
    expect(choosePlaces(LARGE, times(10, 250))).toBe(5);
    expect(choosePlaces(LARGE, times(8, 250))).toBe(4);
  });

  it('are as many as the nets that end together, so that no net waits for another to end', () => {
    expect(choosePlaces(SMALL, [...times(5, 100), ...times(5, 500)])).toBe(5);
    expect(choosePlaces(SMALL, [...times(10, 100), ...times(10, 500)])).toBe(10);
  });

  it('are shared by nets that end nearly together', () => {
    expect(choosePlaces(SMALL, [...times(5, 490), ...times(5, 500)])).toBe(10);
  });

  it('are two for a net alone, whose digits would be others by itself', () => {
    expect(choosePlaces(SMALL, [100])).toBe(2);
  });

  it('never exceed what pays at once', () => {
    expect(choosePlaces(SMALL, times(64, 100))).toBe(32);
  });
});
