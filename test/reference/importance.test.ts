import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { computeImportance } from '../../src/main/search/importance/index.ts';
import { gridPoints } from '../../src/main/search/samplers/grid.ts';
import { searchParameter, type SearchParameter } from '../../src/shared/schema/search.ts';
import type { SearchPoint } from '../../src/shared/schema/study.ts';

interface StoredCase {
  readonly name: string;
  readonly trials: readonly { readonly point: SearchPoint; readonly value: number }[];
  /** Optuna's. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What Optuna gave, by importance.py. */
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'importance.json'), 'utf8')) as {
  readonly cases: readonly StoredCase[];
};

const parameter = (fields: object): SearchParameter => searchParameter.parse({ paths: ['x'], ...fields });
const numbers = (names: string, minimum: number, maximum: number): SearchParameter[] =>
  Array.from(names, (name) => parameter({ kind: 'uniform', name, minimum, maximum }));
const choices = (values: Readonly<Record<string, readonly unknown[]>>): SearchParameter[] =>
  Object.entries(values).map(([name, all]) => parameter({ kind: 'choice', name, values: all }));

const grid = choices({
  batch: [16, 32, 64],
  rate: [0.01, 0.001],
  units: [64, 128, 256, 512, 1024],
  optimiser: ['sgd', 'adam'],
});
const spaces: Readonly<Record<string, readonly SearchParameter[]>> = {
  linear: numbers('abcd', 0, 1),
  ishigami: numbers('abc', -Math.PI, Math.PI),
  'sobol-g': numbers('abcd', 0, 1),
  mixed: [
    parameter({ kind: 'log-uniform', name: 'rate', minimum: 1e-4, maximum: 1 }),
    ...choices({ optimiser: ['sgd', 'adam', 'rmsprop'] }),
    parameter({ kind: 'integer', name: 'units', minimum: 4, maximum: 128 }),
    parameter({ kind: 'uniform', name: 'dropout', minimum: 0, maximum: 0.5 }),
  ],
  grid,
};

function byName({ parameters }: ReturnType<typeof computeImportance>): Record<string, number> {
  return Object.fromEntries(parameters.map(({ name, share }) => [name, share]));
}

describe('importance by fANOVA', () => {
  it.each(cases)("ranks the parameters of $name as Optuna's does", ({ name, trials, shares }) => {
    const ranked = Object.keys(shares).sort((a, b) => shares[b]! - shares[a]!);
    for (const seed of [1, 2, 3]) {
      const own = computeImportance(spaces[name]!, trials, 'fanova', seed);
      expect(own.parameters.map((one) => one.name)).toEqual(ranked);
    }
  });

  // The forests draw differently, and our choices count their values, not the patterns of their indicators.
  it.each(cases)("gives $name shares within 0.03 of Optuna's", ({ name, trials, shares }) => {
    const own = byName(computeImportance(spaces[name]!, trials, 'fanova', 1));
    for (const [key, share] of Object.entries(shares)) expect(Math.abs(own[key]! - share)).toBeLessThan(0.03);
  });

  it('finds on a grid what each parameter explains of the function itself', () => {
    const { trials } = cases.find(({ name }) => name === 'grid')!;
    const exact = exactShares(grid, gridLoss);
    const own = byName(computeImportance(grid, trials, 'fanova', 1));
    for (const [key, share] of Object.entries(exact)) expect(Math.abs(own[key]! - share)).toBeLessThan(0.03);
  });
});

/** As importance.py has it. */
function gridLoss({ batch, rate, units, optimiser }: SearchPoint): number {
  const ofBatch = { 16: 0, 32: 0.15, 64: 0.5 }[Number(batch)]!;
  const ofUnits = { 64: 0.12, 128: 0, 256: 0.02, 512: 0.07, 1024: 0.2 }[Number(units)]!;
  const ofRate = rate === 0.01 ? 0.8 + (optimiser === 'adam' ? 0.5 : 0) : 0;
  return ofBatch + ofUnits + ofRate;
}

/** Variances of the means over all other parameters, over the whole grid; normalised. */
function exactShares(
  parameters: readonly SearchParameter[],
  loss: (point: SearchPoint) => number,
): Record<string, number> {
  const points = [...gridPoints(parameters)];
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const parts = parameters.map((one) => {
    const values = one.kind === 'choice' ? one.values : [];
    const means = values.map((value) => mean(points.filter((p) => p[one.name] === value).map(loss)));
    return mean(means.map((m) => (m - mean(means)) ** 2));
  });
  const total = parts.reduce((a, b) => a + b, 0);
  return Object.fromEntries(parameters.map(({ name }, at) => [name, parts[at]! / total]));
}
