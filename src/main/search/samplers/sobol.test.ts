import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSobolSampler } from './sobol.ts';
import { MOST_DIMENSIONS, scramble, sobolWord, toShare } from './sobol-sequence.ts';

const stored = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../test/reference/sobol.json'), 'utf8'),
) as { points: number[][] };

describe('a Sobol sequence', () => {
  it("is SciPy's in all of its dimensions", () => {
    expect(stored.points[0]).toHaveLength(MOST_DIMENSIONS);
    stored.points.forEach((point, index) => {
      const own = point.map((_, dimension) => toShare(sobolWord(index, dimension)));
      expect(own).toEqual(point);
    });
  });

  it('refuses more dimensions than it has numbers for', () => {
    expect(() => sobolWord(0, MOST_DIMENSIONS)).toThrow(/100 dimensions/);
  });

  it('stays a net when it is scrambled: each of 2^m even intervals of a dimension gets one of 2^m points', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: MOST_DIMENSIONS - 1 }),
        fc.integer({ min: 1, max: 8 }),
        (key, dimension, bits) => {
          const count = 2 ** bits;
          const cells = Array.from({ length: count }, (_, index) =>
            Math.floor(toShare(scramble(sobolWord(index, dimension), key)) * count),
          );
          expect(new Set(cells).size).toBe(count);
        },
      ),
    );
  });

  it('keeps bits together when it is scrambled: equal heads stay equal, and no two words meet', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: 31 }),
        (word, key, bit) => {
          const other = (word ^ (1 << bit)) >>> 0;
          const difference = (scramble(word, key) ^ scramble(other, key)) >>> 0;
          expect(31 - Math.clz32(difference)).toBe(bit);
        },
      ),
    );
  });

  it('draws the same points for a seed and others for another, within the ranges', () => {
    const parameters = [
      { kind: 'uniform', name: 'a', paths: ['x'], minimum: 2, maximum: 3 },
      { kind: 'choice', name: 'b', paths: ['y'], values: ['p', 'q'] },
    ] as const;
    const draw = (seed: number) => {
      const sampler = createSobolSampler(
        [...parameters].map((one) => ({ ...one, paths: [...one.paths] })) as never,
        16,
        seed,
      );
      return Array.from({ length: 16 }, (_, number) => sampler.draw(number, []));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const points = draw(3);
    expect(points.every(({ a }) => Number(a) >= 2 && Number(a) < 3)).toBe(true);
    expect(points.filter(({ b }) => b === 'p')).toHaveLength(8);
  });
});
