import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStream } from '../../shared/random/stream.ts';
import { searchParameter, type SearchParameter } from '../../shared/schema/search.ts';
import { createGridSampler, gridPoints } from './samplers/grid.ts';
import { createRandomSampler } from './samplers/random.ts';
import { countPoints, drawPoint, isActive, pointAt, valueAt } from './space.ts';

const parameter = (fields: object): SearchParameter => searchParameter.parse({ paths: ['x'], ...fields });

const uniform = parameter({ kind: 'uniform', name: 'u', minimum: -2, maximum: 6 });
const logarithmic = parameter({ kind: 'log-uniform', name: 'l', minimum: 1e-4, maximum: 1 });
const integer = parameter({ kind: 'integer', name: 'i', minimum: 3, maximum: 5 });
const choice = parameter({ kind: 'choice', name: 'c', values: ['a', { kind: 'b' }] });
/** Counts only with the second choice. */
const beneath = parameter({
  kind: 'integer',
  name: 'd',
  minimum: 0,
  maximum: 9,
  when: { parameter: 'c', values: [{ kind: 'b' }] },
});

describe('a value at a share of its range', () => {
  it('runs evenly over numbers, logarithms, whole numbers and choices', () => {
    expect(valueAt(uniform, 0.25)).toBe(0);
    expect(valueAt(logarithmic, 0.5)).toBeCloseTo(1e-2, 12);
    expect([0, 0.34, 0.99].map((share) => valueAt(integer, share))).toEqual([3, 4, 5]);
    expect([0, 0.49, 0.5].map((share) => valueAt(choice, share))).toEqual(['a', 'a', { kind: 'b' }]);
  });

  it('never leaves its range', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (share) => {
        expect(valueAt(logarithmic, share)).toBeGreaterThanOrEqual(1e-4);
        expect(valueAt(logarithmic, share)).toBeLessThanOrEqual(1);
        expect([3, 4, 5]).toContain(valueAt(integer, share));
      }),
    );
  });
});

describe('a parameter that counts only beneath a choice', () => {
  it('is left out of points where it does not count', () => {
    expect(pointAt([choice, beneath], [0.1, 0.7])).toEqual({ c: 'a' });
    expect(pointAt([choice, beneath], [0.9, 0.7])).toEqual({ c: { kind: 'b' }, d: 7 });
    expect(isActive(beneath, {})).toBe(false);
  });

  it('takes its number of the stream all the same, so that others keep theirs', () => {
    const [first, second] = [openStream(1, 'search'), openStream(1, 'search')];
    drawPoint([choice, beneath], first);
    drawPoint([uniform, integer], second);
    expect(first.drawn).toBe(second.drawn);
  });
});

describe('a random sampler', () => {
  it('draws each trial by its number alone', () => {
    const sampler = createRandomSampler([uniform, choice], 5, 7);
    expect(sampler.draw(3, [])).toEqual(createRandomSampler([uniform, choice], 500, 7).draw(3, []));
    expect(sampler.draw(3, [])).not.toEqual(sampler.draw(4, []));
    expect(sampler).toMatchObject({ trialCount: 5, learns: false });
  });
});

describe('a grid', () => {
  it('has every point once, the last parameter running fastest', () => {
    expect([...gridPoints([integer, choice])].slice(0, 3)).toEqual([
      { i: 3, c: 'a' },
      { i: 3, c: { kind: 'b' } },
      { i: 4, c: 'a' },
    ]);
    expect([...gridPoints([choice, beneath])]).toHaveLength(11);
    expect(countPoints([choice, beneath])).toBe(11);
    expect(countPoints([integer, choice])).toBe(6);
    expect(countPoints([integer, uniform])).toBeNull();
  });

  it('gives a share or a number of its points, none of them twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 1_000 }),
        fc.option(fc.double({ min: 0.05, max: 1, noNaN: true }), { nil: null }),
        (count, seed, fraction) => {
          const spec = fraction === null ? { fraction: 1, count } : { fraction, count: null };
          const sampler = createGridSampler([integer, choice], spec, seed);
          const wanted =
            fraction === null ? Math.min(6, count) : Math.max(1, Math.floor(6 * fraction + 1e-9));
          const points = Array.from({ length: sampler.trialCount ?? 0 }, (_, n) => sampler.draw(n, []));
          expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(wanted);
        },
      ),
    );
  });

  it('refuses what is continuous, in words', () => {
    expect(() => createGridSampler([uniform], { fraction: 1, count: null }, 1)).toThrow(/u: is continuous/);
  });

  it("takes 64 of E5's 324 points for a fifth of them, and 172 of E8's 1,728 for a tenth", () => {
    const three = (name: string) => parameter({ kind: 'choice', name, values: [1, 2, 3] });
    const two = (name: string) => parameter({ kind: 'choice', name, values: [1, 2] });
    const e5 = [three('a'), two('b'), two('c'), three('d'), three('e'), three('f')];
    expect(countPoints(e5)).toBe(324);
    expect(createGridSampler(e5, { fraction: 0.2, count: null }, 1).trialCount).toBe(64);
    const twos = ['g', 'h', 'i', 'j', 'k', 'l'].map(two);
    const e8 = [three('a'), three('b'), three('c'), ...twos];
    expect(countPoints(e8)).toBe(1_728);
    expect(createGridSampler(e8, { fraction: 0.1, count: null }, 1).trialCount).toBe(172);
  });
});
