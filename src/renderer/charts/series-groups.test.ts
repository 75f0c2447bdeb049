import { describe, expect, it } from 'vitest';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import { axisOf, firstNotFinite, groupCurves, headLabel, isPositive } from './series-groups.ts';

function series(change: Partial<MetricSeries>): MetricSeries {
  return { split: 'train', metric: 'loss', epochs: [1, 2], steps: [10, 20], values: [1, 0.5], ...change };
}

describe('groups of curves', () => {
  it("puts a head's curve beside the model's own, which comes first", () => {
    const groups = groupCurves(['digit/loss', 'loss', 'accuracy', 'colour/loss']);
    expect(groups).toEqual([
      { metric: 'loss', choices: ['loss', 'digit/loss', 'colour/loss'] },
      { metric: 'accuracy', choices: ['accuracy'] },
    ]);
    expect(groups[0]!.choices.map(headLabel)).toEqual(['all', 'digit', 'colour']);
  });

  it('draws the learning rate last', () => {
    expect(groupCurves(['learning-rate', 'loss']).map((group) => group.metric)).toEqual([
      'loss',
      'learning-rate',
    ]);
  });
});

describe('the axis of curves', () => {
  it('is the epoch where each has one point, else the step', () => {
    expect(axisOf([series({})], false)).toBe('epoch');
    expect(axisOf([series({ epochs: [1, 1] })], false)).toBe('step');
    expect(axisOf([series({})], true)).toBe('step');
  });

  it('can be logarithmic where every number is positive', () => {
    expect(isPositive([series({ values: [1, null] })])).toBe(true);
    expect(isPositive([series({ values: [1, 0] })])).toBe(false);
    expect(isPositive([])).toBe(false);
  });

  it('knows where numbers end to be finite', () => {
    expect(firstNotFinite([series({ values: [1, null] })], 'step')).toBe(20);
    expect(firstNotFinite([series({ values: [1, null] })], 'epoch')).toBe(2);
    expect(firstNotFinite([series({})], 'step')).toBeNull();
  });
});
