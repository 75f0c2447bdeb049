import { describe, expect, it } from 'vitest';
import { firstAxes, firstCurve, parallelAxes } from './compare-axes.ts';
import { keptRuns, movedEnd, rangeBrush, toggledCategory, withBrush, type Brush } from './compare-brush.ts';
import { sampleCompared, sampleComparison } from './testing/sample-comparison.ts';

const axes = parallelAxes(sampleComparison());
const axisOf = (id: string) => axes.find((axis) => axis.id === id)!;

describe('the axes of parallel coordinates', () => {
  it('are the settings that differ and the final numbers, those without any left out', () => {
    expect(axes.map(({ id }) => id)).toEqual([
      'training.optimizer.kind',
      'training.optimizer.learningRate',
      'dropout',
      'dev/loss',
      'test/accuracy',
    ]);
  });

  it('are logarithmic for numbers far apart', () => {
    const rate = axisOf('training.optimizer.learningRate');
    expect(rate.logarithmic).toBe(true);
    expect([...rate.shares].map((share) => Number(share.toFixed(6)))).toEqual([0, 0.666667, 1]);
    expect(axisOf('test/accuracy').logarithmic).toBe(false);
  });

  it('put words in order and leave a run without a number out', () => {
    expect(axisOf('training.optimizer.kind').categories).toEqual(['adam', 'sgd']);
    expect([...axisOf('dropout').shares]).toEqual([NaN, 0, 1]);
  });

  it('put what all have alike in the middle', () => {
    const runs = [1, 2].map((n) => sampleCompared(`run000000${n}`, {}, { 'dev/loss': 0.5 }));
    const [axis] = parallelAxes({ runs, fields: [], curves: ['dev/loss'] });
    expect([...axis!.shares]).toEqual([0.5, 0.5]);
  });

  it('begin with readable settings and the numbers most wanted, the best last', () => {
    expect(firstAxes(axes).slice(-2)).toEqual(['dev/loss', 'test/accuracy']);
    const lone = { ...axisOf('dropout'), id: 'beta1', shares: Float64Array.of(NaN, 0.5, 0.5) };
    expect(firstAxes([lone, ...axes])).not.toContain('beta1');
    expect(firstAxes(axes)).toContain('dropout');
    expect(firstCurve(['train/loss', 'dev/loss'])).toBe('dev/loss');
    expect(firstCurve([])).toBeNull();
  });
});

describe('brushing', () => {
  const kept = (...brushes: [string, Brush][]) => keptRuns(axes, new Map(brushes), 3);

  it('keeps every run without a brush', () => {
    expect(kept()).toEqual([true, true, true]);
  });

  it('keeps the runs inside every stretch, ends included', () => {
    expect(kept(['test/accuracy', rangeBrush(0.5, 1)])).toEqual([true, true, false]);
    expect(
      kept(['test/accuracy', rangeBrush(0.5, 1)], ['training.optimizer.learningRate', rangeBrush(0.1, 1)]),
    ).toEqual([false, true, false]);
  });

  it('leaves out what has no place on a brushed axis', () => {
    expect(kept(['dropout', rangeBrush(0, 1)])).toEqual([false, true, true]);
  });

  it('keeps words that are chosen', () => {
    expect(kept(['training.optimizer.kind', { kind: 'categories', kept: new Set([0]) }])).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('makes stretches in either direction, within the axis and large enough to hold', () => {
    expect(rangeBrush(0.8, 0.2)).toEqual({ kind: 'range', from: 0.2, to: 0.8 });
    expect(rangeBrush(-3, 0.5)).toEqual({ kind: 'range', from: 0, to: 0.5 });
    const least = rangeBrush(1, 1);
    expect(least.kind === 'range' && least.to - least.from).toBeCloseTo(0.02, 12);
  });

  it('moves one end and stops at the other; the whole axis is no brush', () => {
    expect(movedEnd(undefined, 'from', 0.3)).toEqual({ kind: 'range', from: 0.3, to: 1 });
    const brush = rangeBrush(0.3, 0.6);
    expect(movedEnd(brush, 'to', 0.1)).toEqual({ kind: 'range', from: 0.3, to: 0.32 });
    expect(movedEnd(rangeBrush(0, 0.6), 'to', 1)).toBeNull();
  });

  it('takes words in and out; all of them are no brush', () => {
    const one = toggledCategory(undefined, 1, 2);
    expect(one).toEqual({ kind: 'categories', kept: new Set([1]) });
    expect(toggledCategory(one!, 0, 2)).toBeNull();
    expect(toggledCategory(one!, 1, 2)).toBeNull();
    expect(withBrush(new Map([['a', one!]]), 'a', null).size).toBe(0);
  });
});
