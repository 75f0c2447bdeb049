import { describe, expect, test } from 'vitest';
import { openStream, RandomStream, streamKey } from './stream.ts';

/** Largest distance of the sorted samples' distribution from `cumulative` (Kolmogorov and Smirnov). */
function largestDistance(samples: number[], cumulative: (x: number) => number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return Math.max(
    ...sorted.map((x, i) => {
      const expected = cumulative(x);
      return Math.max(expected - i / sorted.length, (i + 1) / sorted.length - expected);
    }),
  );
}

/** Normal distribution function by Simpson's rule over the density. */
function normalCumulative(x: number): number {
  const pieces = 200;
  const width = x / pieces;
  let sum = 0;
  for (let i = 0; i <= pieces; i++) {
    const weight = i === 0 || i === pieces ? 1 : i % 2 === 0 ? 2 : 4;
    sum += weight * Math.exp(-((i * width) ** 2) / 2);
  }
  return 0.5 + ((sum * width) / 3) * (1 / Math.sqrt(2 * Math.PI));
}

describe('RandomStream', () => {
  test('draws uniform numbers in [0, 1) whose distribution passes Kolmogorov-Smirnov', () => {
    const stream = openStream(1, 'init', 'dense-1');
    const samples = Array.from({ length: 20_000 }, () => stream.nextUniform());
    expect(Math.min(...samples)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...samples)).toBeLessThan(1);
    // 1.95 / sqrt(n) is the 0.1 % point.
    expect(largestDistance(samples, (x) => x)).toBeLessThan(1.95 / Math.sqrt(samples.length));
  });

  test('draws normal numbers whose distribution passes Kolmogorov-Smirnov', () => {
    const stream = openStream(2, 'init', 'conv2d-1');
    const samples = Array.from({ length: 5_000 }, () => stream.nextNormal());
    expect(largestDistance(samples, normalCumulative)).toBeLessThan(1.95 / Math.sqrt(samples.length));
  });

  test('draws integers without bias, also for a bound that does not divide 2^32', () => {
    const stream = openStream(3, 'search');
    const counts = new Array<number>(7).fill(0);
    const draws = 70_000;
    for (let i = 0; i < draws; i++) counts[stream.nextInteger(7)]!++;
    const expected = draws / 7;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 0.1 % point of chi-square with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(22.46);
  });

  test('draws integers up to a bound of 2^32 from whole words', () => {
    const [key, drawn] = [streamKey(4, 'search'), 0];
    expect(new RandomStream(key, drawn).nextInteger(2 ** 32)).toBe(new RandomStream(key, drawn).nextWord());
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('continues from %i words drawn as if never left', (drawn) => {
    const key = streamKey(5, 'shuffle', 3);
    const whole = new RandomStream(key);
    for (let i = 0; i < drawn; i++) whole.nextWord();
    const continued = new RandomStream(key, drawn);
    const next = (stream: RandomStream) => Array.from({ length: 9 }, () => stream.nextWord());
    expect(next(continued)).toEqual(next(whole));
    expect(continued.drawn).toBe(drawn + 9);
  });

  test('has no state besides the words drawn, also after a normal number', () => {
    const key = streamKey(6, 'generator');
    const whole = new RandomStream(key);
    whole.nextNormal();
    const continued = new RandomStream(key, whole.drawn);
    expect(continued.nextNormal()).toBe(whole.nextNormal());
  });

  test('shuffles into a permutation, each element about equally often in each place', () => {
    const stream = openStream(7, 'shuffle');
    const size = 6;
    const rounds = 6_000;
    const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (let round = 0; round < rounds; round++) {
      const order = stream.shuffle(Int32Array.from({ length: size }, (_, i) => i));
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      order.forEach((value, place) => counts[place]![value]!++);
    }
    const expected = rounds / size;
    const chiSquare = counts.flat().reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 0.1 % point of chi-square with (6 - 1)^2 = 25 degrees of freedom.
    expect(chiSquare).toBeLessThan(52.62);
  });
});

describe('streamKey', () => {
  test('differs by seed, by stream and by label, and is the same for the same three', () => {
    const keys = [
      streamKey(1, 'init', 'a'),
      streamKey(2, 'init', 'a'),
      streamKey(1, 'shuffle', 'a'),
      streamKey(1, 'init', 'b'),
      streamKey(1, 'init'),
    ].map(String);
    expect(new Set(keys).size).toBe(keys.length);
    expect(streamKey(1, 'init', 'a')).toEqual(streamKey(1, 'init', 'a'));
  });
});
