import { describe, expect, it } from 'vitest';
import { groupLines, meanCurve, runLines } from './compare-lines.ts';
import { sampleGroup, sampleSeries } from './testing/sample-comparison.ts';

const look = (key: string) => ({ label: key, colour: '#123456' });

describe('lines of runs', () => {
  const series = [sampleSeries('run0000001', [1, 0.5, 0.25])];

  it('stand over epochs, steps or seconds', () => {
    const places = (['epoch', 'step', 'time'] as const).map((axis) => [
      ...runLines(series, { axis, smoothing: 0 }, look)[0]!.x,
    ]);
    expect(places).toEqual([
      [1, 2, 3],
      [10, 20, 30],
      [2, 4, 6],
    ]);
  });

  it('keep the raw numbers beneath smoothed ones, and only then', () => {
    const [plain] = runLines(series, { axis: 'epoch', smoothing: 0 }, look);
    expect(plain?.raw).toBeNull();
    const [smoothed] = runLines(series, { axis: 'epoch', smoothing: 0.5 }, look);
    expect([...(smoothed?.raw ?? [])]).toEqual([1, 0.5, 0.25]);
    // (1 * .5 + .5) / 1.5
    expect(smoothed?.y[1]).toBeCloseTo(2 / 3, 12);
  });
});

describe('the mean of curves', () => {
  const curves = [sampleSeries('a', [1, 2, 3]), sampleSeries('b', [3, 4])];

  it('is taken step by step, over the runs that got there', () => {
    const mean = meanCurve(curves, 'step', 'sd');
    expect([...mean.x]).toEqual([10, 20, 30]);
    expect([...mean.mean]).toEqual([2, 3, 3]);
    expect([...mean.counts]).toEqual([2, 2, 1]);
    expect(mean.band.low[0]).toBeCloseTo(2 - Math.SQRT2, 12);
    expect(mean.band.low[2]).toBeNaN();
  });

  it("has a 95 % interval of the mean by Student's t", () => {
    const mean = meanCurve(curves, 'epoch', 'interval');
    // t(1) * sd / sqrt(2), sd = sqrt(2)
    expect(mean.band.high[0]).toBeCloseTo(2 + 12.706204736432095, 9);
  });

  it('stands at the mean of the times', () => {
    const slow = sampleSeries('b', [3], { seconds: Float64Array.of(4) });
    expect(meanCurve([curves[0]!, slow], 'time', 'sd').x[0]).toBe(3);
  });

  it('is drawn once per group and split', () => {
    const train = sampleSeries('a', [5], { split: 'train' });
    const groups = [sampleGroup('x', ['a']), sampleGroup('y', ['b'])];
    const lines = groupLines([...curves, train], groups, 'sd', { axis: 'epoch', smoothing: 0 }, look);
    expect(lines.map(({ key, split }) => `${key} ${split}`)).toEqual(['x dev', 'x train', 'y dev']);
  });
});
