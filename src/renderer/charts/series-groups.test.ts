import { describe, expect, it } from 'vitest';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import { sampleExperiment } from '../state/testing/samples.ts';
import { axisOf, firstGap, groupCurves, headLabel, ratesChange, suitsLogarithm } from './series-groups.ts';

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

  it('suits a logarithm where no number is negative and some are positive', () => {
    expect(suitsLogarithm([series({ values: [1, null] })])).toBe(true);
    expect(suitsLogarithm([series({ values: [1, 0] })])).toBe(true);
    expect(suitsLogarithm([series({ values: [1, -1] })])).toBe(false);
    expect(suitsLogarithm([series({ values: [0, 0] })])).toBe(false);
    expect(suitsLogarithm([])).toBe(false);
  });

  it('knows where numbers cease to be drawn, and why', () => {
    expect(firstGap([series({ values: [1, null] })], 'step', false)).toEqual({ at: 20, why: 'not-finite' });
    expect(firstGap([series({ values: [1, null] })], 'epoch', false)).toEqual({ at: 2, why: 'not-finite' });
    expect(firstGap([series({ values: [0, null] })], 'epoch', true)).toEqual({ at: 1, why: 'zero' });
    expect(firstGap([series({ values: [0, 1] })], 'epoch', false)).toBeNull();
  });
});

describe('a learning rate', () => {
  it('is worth a curve where a schedule or a warm-up moves it', () => {
    const { training } = sampleExperiment;
    expect(ratesChange(training)).toBe(false);
    expect(ratesChange({ ...training, warmUpEpochs: 2 })).toBe(true);
    expect(ratesChange({ ...training, schedule: { kind: 'exponential', factor: 0.9 } })).toBe(true);
  });
});
