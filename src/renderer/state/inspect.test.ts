import { beforeEach, describe, expect, it } from 'vitest';
import { InspectState } from './inspect.svelte.ts';

describe('what is shown to a net', () => {
  let inspect: InspectState;

  beforeEach(() => {
    inspect = new InspectState();
    inspect.setRows('test', Int32Array.of(40, 7, 12));
  });

  it('is the first example of the split until one is chosen', () => {
    expect(new InspectState().ready).toBe(false);
    expect([inspect.ready, inspect.part, inspect.row]).toEqual([true, 'test', 40]);
    inspect.chooseExample('train', 3);
    expect([inspect.part, inspect.row, inspect.position]).toEqual(['train', 3, -1]);
  });

  it('can be walked through, around the ends', () => {
    inspect.step(1);
    expect(inspect.row).toBe(7);
    inspect.step(-1);
    inspect.step(-1);
    expect([inspect.row, inspect.position]).toEqual([12, 2]);
    inspect.step(1);
    expect(inspect.row).toBe(40);
  });

  it('starts from the first of the split where the one before was of none', () => {
    inspect.chooseExample('train', 3);
    inspect.step(1);
    expect([inspect.part, inspect.row]).toEqual(['test', 40]);
  });

  it('can be any example, evenly', () => {
    const seen = [0, 0.34, 0.99].map((random) => {
      inspect.chooseRandom(random);
      return inspect.row;
    });
    expect(seen).toEqual([40, 7, 12]);
  });
});
