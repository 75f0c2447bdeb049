import { describe, expect, it } from 'vitest';
import { openStream } from '../../src/shared/random/stream.ts';
import {
  capped,
  compareWinners,
  DIVERGED_LOSS,
  distanceOf,
  rankCorrelation,
  summariseFolds,
  testOddOneOut,
  type Triple,
} from './noise.ts';

describe('a trial', () => {
  it('has the mean of its folds and its standard error', () => {
    const { mean, standardError } = summariseFolds(3, [1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(standardError).toBeCloseTo(Math.sqrt(2.5 / 5), 12);
  });
  it('has no mean where a fold diverged, and counts as diverged', () => {
    expect(summariseFolds(0, [1, null]).mean).toBeNull();
    expect([capped(null), capped(NaN), capped(1e30), capped(0.5)]).toEqual([
      DIVERGED_LOSS,
      DIVERGED_LOSS,
      DIVERGED_LOSS,
      0.5,
    ]);
  });
});

describe('distances of lists', () => {
  it('know the order alone by the rank correlation', () => {
    expect(rankCorrelation([1, 2, 3, 4], [1, 10, 100, 1_000])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
    // scipy.stats.spearmanr([1, 2, 2, 5, 4], [3, 1, 2, 5, 5])
    expect(rankCorrelation([1, 2, 2, 5, 4], [3, 1, 2, 5, 5])).toBeCloseTo(0.6315789473684211, 12);
  });
  it('are means of absolute and medians of relative differences', () => {
    const { meanAbsolute, medianRelative } = distanceOf([1, 2, 4], [1, 3, 2]);
    expect(meanAbsolute).toBe(1);
    expect(medianRelative).toBeCloseTo(1 / 2.5, 12);
  });
  it('leave what diverged out of differences, and rank it last', () => {
    const found = distanceOf([1, 2, 4, DIVERGED_LOSS], [1, 3, DIVERGED_LOSS, DIVERGED_LOSS]);
    expect(found.meanAbsolute).toBe(0.5);
    expect(found.rankCorrelation).toBeCloseTo(0.9486832980505138, 12);
  });
});

/** Losses of three independent seeds, the first off by a factor. */
function draw(count: number, noise: number, factor: number): Triple[][] {
  const stream = openStream(7, 'inspect', `noise ${noise} ${factor}`);
  return Array.from({ length: count }, (_, trial) => {
    const near = 0.1 * (1 + trial / 10);
    const loss = (): number => near * Math.exp(noise * stream.nextNormal());
    return [[loss() * factor, loss(), loss()] as const];
  });
}

describe('the odd one out', () => {
  it('is nobody among three seeds of one program', () => {
    const { excess, probability } = testOddOneOut(draw(50, 0.2, 1));
    expect(Math.abs(excess)).toBeLessThan(0.1);
    expect(probability).toBeGreaterThan(0.05);
  });
  it('is whoever is off by more than the noise', () => {
    expect(testOddOneOut(draw(50, 0.05, 1.2)).probability).toBeLessThan(0.001);
  });
  it('is also found where its losses are better', () => {
    expect(testOddOneOut(draw(50, 0.05, 0.8)).probability).toBeLessThan(0.001);
  });
  it('is not found where all agree to the last bit', () => {
    const same = Array.from({ length: 5 }, (): Triple[] => [[0.1, 0.1, 0.1]]);
    expect(testOddOneOut(same)).toEqual({ excess: 0, probability: 1 });
  });
  it('cannot be told by few independent blocks', () => {
    const [first, second] = [draw(25, 0.05, 1.2), draw(25, 0.05, 1.3)].map((blocks) => blocks.flat());
    expect(testOddOneOut([first!, second!]).probability).toBeGreaterThan(0.05);
  });
});

describe('winners', () => {
  const trial = (number: number, mean: number | null) => ({ number, mean, standardError: 0.02 });
  it('may be the same', () => {
    const found = compareWinners([trial(0, 0.3), trial(1, 0.1)], [trial(0, 0.5), trial(1, 0.12)]);
    expect(found).toMatchObject({ own: 1, peers: 1, regret: 0, isWithin: true });
  });
  it('may differ by no more than a standard error by the figures of the peer', () => {
    const peer = [trial(0, 0.11), trial(1, 0.1), trial(2, 0.2), trial(3, null)];
    expect(compareWinners([trial(0, 0.1), trial(1, 0.3)], peer).isWithin).toBe(true);
    expect(compareWinners([trial(2, 0.1), trial(1, 0.3)], peer).isWithin).toBe(false);
    expect(compareWinners([trial(3, 0.1), trial(1, 0.3)], peer).isWithin).toBe(false);
  });
});
