import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStream } from '../../../shared/random/stream.ts';
import { searchParameter, type SearchParameter } from '../../../shared/schema/search.ts';
import type { Importance, SearchPoint } from '../../../shared/schema/study.ts';
import { drawPoint } from '../space.ts';
import type { ValuedPoint } from './columns.ts';
import { computeImportance, computeImportanceInTurns } from './index.ts';

const parameter = (fields: object): SearchParameter => searchParameter.parse({ paths: ['x'], ...fields });
const uniform = (name: string): SearchParameter =>
  parameter({ kind: 'uniform', name, minimum: 0, maximum: 1 });
const choice = (name: string, values: readonly unknown[], when?: object): SearchParameter =>
  parameter({ kind: 'choice', name, values, ...(when && { when }) });

/** Evenly drawn points and what a function makes of them. */
function draw(
  parameters: readonly SearchParameter[],
  count: number,
  value: (point: SearchPoint) => number,
  seed = 1,
): ValuedPoint[] {
  const stream = openStream(seed, 'search', 'test');
  return Array.from({ length: count }, () => {
    const point = drawPoint(parameters, stream);
    return { point, value: value(point) };
  });
}

const shareOf = ({ parameters }: Importance, wanted: string): number =>
  parameters.find(({ name }) => name === wanted)!.share;
const methods = ['fanova', 'mean-difference'] as const;

const anySpace = fc
  .array(
    fc.constantFrom<(name: string) => SearchParameter>(
      uniform,
      (name) => choice(name, ['a', 'b', 'c']),
      (name) => parameter({ kind: 'integer', name, minimum: 1, maximum: 9 }),
      (name) => parameter({ kind: 'log-uniform', name, minimum: 1e-5, maximum: 1 }),
      (name) => choice(name, [1]),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((kinds) => [uniform('first'), ...kinds.map((kind, at) => kind(`p${at}`))]);

describe.each(methods)('importance by %s', (method) => {
  it('gives each parameter a share, largest first, that add up to 1', () => {
    fc.assert(
      fc.property(anySpace, fc.integer({ min: 4, max: 60 }), fc.nat(), (parameters, count, seed) => {
        const noise = openStream(seed, 'search', 'noise');
        const trials = draw(parameters, count, () => noise.nextNormal(), seed);
        const found = computeImportance(parameters, trials, method, seed);
        const shares = found.parameters.map(({ share }) => share);
        expect(found.parameters.map(({ name }) => name).sort()).toEqual(
          parameters.map(({ name }) => name).sort(),
        );
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(shares).toEqual([...shares].sort((a, b) => b - a));
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
        expect(found.trials).toBe(count);
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the scale of the values or the order of the parameters, but for ties', () => {
    const space = [uniform('a'), choice('b', ['u', 'v', 'w']), uniform('c')];
    const value = ({ a, b }: SearchPoint): number => Number(a) + (b === 'v' ? 0.7 : 0);
    const trials = draw(space, 200, value);
    const scaled = trials.map((trial) => ({ ...trial, value: 1e6 + 1e-3 * trial.value }));
    const [first, second, third] = [
      computeImportance(space, trials, method, 1),
      computeImportance(space, scaled, method, 1),
      computeImportance([...space].reverse(), trials, method, 1),
    ];
    for (const { name } of space) {
      expect(Math.abs(shareOf(second, name) - shareOf(first, name))).toBeLessThan(0.01);
      expect(Math.abs(shareOf(third, name) - shareOf(first, name))).toBeLessThan(0.02);
    }
  });

  it('is the same again for the same seed', () => {
    const trials = draw([uniform('a'), uniform('b')], 50, ({ a, b }) => Number(a) * Number(b));
    const again = (): Importance => computeImportance([uniform('a'), uniform('b')], trials, method, 7);
    expect(again()).toEqual(again());
  });

  it('finds a parameter that counts only beneath a choice where it counts', () => {
    const space = [
      choice('optimiser', ['sgd', 'adam']),
      parameter({
        kind: 'uniform',
        name: 'momentum',
        minimum: 0,
        maximum: 1,
        when: { parameter: 'optimiser', values: ['sgd'] },
      }),
      choice('beta', [0.9, 0.99], { parameter: 'optimiser', values: ['adam'] }),
      uniform('nothing'),
    ];
    const value = ({ optimiser, momentum }: SearchPoint): number =>
      optimiser === 'sgd' ? Math.sqrt(12) * Number(momentum) : Math.sqrt(12) / 2;
    const found = computeImportance(space, draw(space, 400, value), method, 1);
    expect(found.parameters[0]!.name).toBe('momentum');
    expect(shareOf(found, 'momentum')).toBeGreaterThan(0.85);
    expect(shareOf(found, 'beta')).toBeLessThan(0.01);
  });

  it('weighs a condition by how many trials meet it', () => {
    const space = [
      choice('kind', ['a', 'b', 'c', 'd']),
      choice('rare', [0, 1], { parameter: 'kind', values: ['a'] }),
      choice('always', [0, 1]),
    ];
    const value = ({ rare, always }: SearchPoint): number => Number(rare ?? 0.5) + Number(always);
    const found = computeImportance(space, draw(space, 800, value), method, 1);
    // Each explains a quarter where it counts, and `rare` counts in a quarter of all trials only.
    expect(shareOf(found, 'always') / shareOf(found, 'rare')).toBeGreaterThan(3);
    expect(shareOf(found, 'always') / shareOf(found, 'rare')).toBeLessThan(5.5);
  });

  it('leaves out trials without a number and values the space does not have any more', () => {
    const space = [choice('a', ['u', 'v'])];
    const trials = draw(space, 20, ({ a }) => (a === 'u' ? 0 : 1));
    const odd = [
      { point: { a: 'u' }, value: Infinity },
      { point: { a: 'v' }, value: NaN },
    ];
    expect(computeImportance(space, [...trials, ...odd], method, 1)).toEqual(
      computeImportance(space, trials, method, 1),
    );
    const removed = { point: { a: 'gone' }, value: 100 };
    expect(shareOf(computeImportance(space, [...trials, removed], method, 1), 'a')).toBe(1);
  });

  it('says in words why it cannot tell', () => {
    const space = [uniform('a')];
    const trials = draw(space, 6, ({ a }) => Number(a));
    expect(() => computeImportance(space, trials.slice(0, 3), method, 1)).toThrow(
      /importance: 3 trials.*expected 4 at least/,
    );
    const even = trials.map(({ point }) => ({ point, value: 2 }));
    expect(() => computeImportance(space, even, method, 1)).toThrow(/same number/);
    const stuck = trials.map(({ value }) => ({ point: { a: 0.5 }, value }));
    expect(() => computeImportance(space, stuck, method, 1)).toThrow(/no parameter explains/);
  });
});

describe('fANOVA', () => {
  it('does not take an interaction for the doing of either parameter', () => {
    const space = [choice('a', [0, 1]), choice('b', [0, 1]), choice('c', [0, 1])];
    const value = ({ a, b, c }: SearchPoint): number => (a === b ? 1 : 0) + 0.4 * Number(c);
    const found = computeImportance(space, draw(space, 400, value), 'fanova', 1);
    expect(shareOf(found, 'c')).toBeGreaterThan(0.9);
  });

  it('weighs all of the space alike, however unevenly a search went through it', () => {
    const space = [uniform('a'), uniform('b')];
    const stream = openStream(3, 'search', 'test');
    // Nine of ten trials lie where `a` makes no difference.
    const trials = Array.from({ length: 600 }, (_, at) => {
      const [a, b] = [
        at % 10 === 0 ? stream.nextUniform() : 0.1 * stream.nextUniform(),
        stream.nextUniform(),
      ];
      return { point: { a, b }, value: Number(a > 0.5) + 0.5 * Number(b > 0.5) };
    });
    const found = computeImportance(space, trials, 'fanova', 1);
    // Variances of 1/4 and 1/16.
    expect(shareOf(found, 'a')).toBeCloseTo(0.8, 1);
  });

  it('comes to the same with pauses, one a tree', async () => {
    const space = [uniform('a'), uniform('b')];
    const trials = draw(space, 50, ({ a, b }) => Number(a) * Number(b));
    let pauses = 0;
    const paused = await computeImportanceInTurns(
      () => Promise.resolve((pauses += 1)),
      space,
      trials,
      'fanova',
      7,
    );
    expect(paused).toEqual(computeImportance(space, trials, 'fanova', 7));
    expect(pauses).toBe(64);
  });

  it('is done with 2,500 trials of 10 parameters in little time', () => {
    const space = Array.from('abcdefghij', uniform);
    const noise = openStream(1, 'search', 'noise');
    const trials = draw(space, 2_500, ({ a, b }) => Number(a) + Number(b) ** 2 + 0.1 * noise.nextNormal());
    const started = process.cpuUsage();
    computeImportance(space, trials, 'fanova', 1);
    // Half a second on a free core of a laptop.
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(3);
  });
});

describe('mean difference', () => {
  it('is the variance between the means of the values', () => {
    const space = [choice('a', ['u', 'v']), choice('b', [1, 2])];
    const of = (a: string, b: number, value: number): ValuedPoint => ({ point: { a, b }, value });
    const trials = [of('u', 1, 0), of('u', 2, 2), of('v', 1, 4), of('v', 2, 10)];
    // Means 1 and 7 around 4; means 2 and 6 around 4.
    const found = computeImportance(space, trials, 'mean-difference', 1);
    expect(found.parameters).toEqual([
      { name: 'a', share: 9 / 13 },
      { name: 'b', share: 4 / 13 },
    ]);
  });

  it('sees a bump in the middle of a range, by bins of as many trials each', () => {
    const space = [uniform('a'), uniform('b')];
    const found = computeImportance(
      space,
      draw(space, 300, ({ a, b }) => (Number(a) - 0.5) ** 2 + 0.001 * Number(b)),
      'mean-difference',
      1,
    );
    expect(shareOf(found, 'a')).toBeGreaterThan(0.9);
  });
});
