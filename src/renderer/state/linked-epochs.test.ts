import { describe, expect, it } from 'vitest';
import {
  clampedEpoch,
  clampNote,
  LinkedEpochs,
  unionStops,
  type LinkedResults,
} from './linked-epochs.svelte.ts';

const stopsOf = (...epochs: number[]) =>
  epochs.map((epoch) => ({ epoch, best: epoch === 2, last: epoch === epochs.at(-1) }));

function run(...epochs: number[]): LinkedResults & { asked: number[] } {
  const asked: number[] = [];
  return {
    stops: stopsOf(...epochs),
    epoch: epochs.at(-1) ?? 0,
    over: true,
    following: false,
    asked,
    choose: (epoch) => void asked.push(epoch),
    setFollowing: () => undefined,
    settled: () => Promise.resolve(),
  };
}

describe('two runs under one slider', () => {
  it('have the epochs of both', () => {
    const stops = unionStops(stopsOf(0, 2, 4), stopsOf(0, 1, 2));
    expect(stops.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 4]);
    expect(stops.filter(({ last }) => last).map(({ epoch }) => epoch)).toEqual([4]);
  });

  it('show the last epoch before the one asked for that they have', () => {
    expect([0, 3, 9].map((epoch) => clampedEpoch(stopsOf(0, 2, 4), epoch))).toEqual([0, 2, 4]);
    expect(clampedEpoch([], 3)).toBe(0);
  });

  it('say where they stand elsewhere than the slider', () => {
    const stops = stopsOf(0, 2, 4);
    expect(clampNote(stops, 2, 2)).toBeNull();
    expect(clampNote(stops, 4, 9)).toBe('Epoch 4 is its last; the slider stands at 9.');
    expect(clampNote(stops, 2, 3)).toBe('Epoch 2 is the last before 3 whose weights it stored.');
  });

  it('move together, from the later of their ends', () => {
    const [long, short] = [run(0, 1, 2, 3, 4), run(0, 1, 2)];
    const linked = new LinkedEpochs(long, short);
    expect(linked.epoch).toBe(4);
    linked.moveBy(-1);
    linked.choose(1);
    expect([linked.epoch, long.asked, short.asked]).toEqual([1, [3, 1], [2, 1]]);
  });
});
