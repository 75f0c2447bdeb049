import { describe, expect, it } from 'vitest';
import type { GeneratorOptions } from '../../shared/schema/dataset.ts';
import { generateCircles, ringRadii } from './circles.ts';
import { loadDataset } from './load.ts';
import { generateNoisy1d, noisyCurve, trainGaps } from './noisy-1d.ts';
import { generateSpirals, spiralPoint } from './spirals.ts';

const options: GeneratorOptions = { trainExamples: 20_000, testExamples: 5_000, noise: 0.3, seed: 3 };
/** Generated datasets need no folder. */
const noDatasets = '';

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

describe.each<[string, number]>([
  ['spirals', 2],
  ['circles', 2],
  ['noisy-1d', 1],
])('%s', (dataset, width) => {
  const load = (seed: number) =>
    loadDataset({ dataset, generator: { ...options, seed }, table: null }, noDatasets);

  it('makes the counts asked for, finite', async () => {
    const { train, test, info } = await load(1);
    expect(train.features.shape).toEqual([20_000, width]);
    expect(test.features.shape).toEqual([5_000, width]);
    expect(info.trainExamples).toBe(20_000);
    expect(train.features.values.every(Number.isFinite)).toBe(true);
  });

  it('is the same for the same seed and another for another', async () => {
    const [first, again, other] = [await load(1), await load(1), await load(2)];
    expect(again.sha256).toBe(first.sha256);
    expect(other.sha256).not.toBe(first.sha256);
  });

  it('gives train and test different points', async () => {
    const { train, test } = await load(1);
    expect([...train.features.values.slice(0, 10)]).not.toEqual([...test.features.values.slice(0, 10)]);
  });
});

describe('spirals', () => {
  it('lie on two arms, each the other turned by half a turn', () => {
    for (const share of [0, 0.3, 0.7, 1]) {
      const [x, y] = spiralPoint(share, 0);
      const [turnedX, turnedY] = spiralPoint(share, 1);
      expect(turnedX).toBeCloseTo(-x, 12);
      expect(turnedY).toBeCloseTo(-y, 12);
    }
  });

  it('never touch each other: noise-free arms stay a fifth of the radius apart outside the centre', () => {
    const {
      features,
      targets: [labels],
    } = generateSpirals({ ...options, trainExamples: 2_000, noise: 0 }).train;
    const rows = [...labels!.keys()].filter((row) => Math.hypot(...point(row)) > 0.5);
    function point(row: number): [number, number] {
      return [features.values[2 * row] ?? 0, features.values[2 * row + 1] ?? 0];
    }
    let nearest = Infinity;
    for (const a of rows.filter((row) => labels![row] === 0)) {
      for (const b of rows.filter((row) => labels![row] === 1)) {
        nearest = Math.min(nearest, Math.hypot(point(a)[0] - point(b)[0], point(a)[1] - point(b)[1]));
      }
    }
    expect(nearest).toBeGreaterThan(0.4);
  });
});

describe('circles', () => {
  it('have points about their ring with the noise asked for', () => {
    const {
      features,
      targets: [labels],
    } = generateCircles({ ...options, noise: 0.01 }).train;
    for (const ring of [0, 1]) {
      const radii = [...labels!.keys()]
        .filter((row) => labels![row] === ring)
        .map((row) => Math.hypot(features.values[2 * row] ?? 0, features.values[2 * row + 1] ?? 0));
      expect(mean(radii)).toBeCloseTo(ringRadii[ring === 0 ? 0 : 1], 2);
      expect(deviation(radii)).toBeCloseTo(0.01, 3);
    }
  });

  it('overlap with noise 0.32 so that the best radial cut gets about 94 % and a line about half', () => {
    const {
      features,
      targets: [labels],
    } = generateCircles({ ...options, noise: 0.32 }).train;
    const rows = [...labels!.keys()];
    const radius = (row: number): number =>
      Math.hypot(features.values[2 * row] ?? 0, features.values[2 * row + 1] ?? 0);
    const radial = mean(rows.map((row) => Number(radius(row) < 1.53 === (labels![row] === 1))));
    const line = mean(
      rows.map((row) => Number((features.values[2 * row] ?? 0) > 0 === (labels![row] === 1))),
    );
    expect(radial).toBeGreaterThan(0.925);
    expect(radial).toBeLessThan(0.955);
    expect(Math.abs(line - 0.5)).toBeLessThan(0.02);
  });
});

describe('noisy-1d', () => {
  const { train, test } = generateNoisy1d(options);
  const inGap = (x: number): boolean => trainGaps.some(([from, to]) => x >= from && x <= to);

  it('leaves the gaps empty in training and fills them in test', () => {
    expect([...train.features.values].some(inGap)).toBe(false);
    // The gaps cover 3 of the 10 units of x.
    expect(mean([...test.features.values].map((x) => Number(inGap(x))))).toBeCloseTo(0.3, 1);
  });

  it('scatters y about the curve with the noise asked for', () => {
    const residuals = [...train.targets[0]!].map((y, row) => y - noisyCurve(train.features.values[row] ?? 0));
    expect(mean(residuals)).toBeCloseTo(0, 1);
    expect(deviation(residuals)).toBeCloseTo(0.3, 2);
  });

  it('spans about (-4, 7)', () => {
    const sorted = [...test.targets[0]!].sort((a, b) => a - b);
    expect(sorted[0]).toBeLessThan(-3);
    expect(sorted[0]).toBeGreaterThan(-5.5);
    expect(sorted.at(-1)).toBeGreaterThan(6);
    expect(sorted.at(-1)).toBeLessThan(8.5);
  });
});
