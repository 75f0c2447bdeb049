import { describe, expect, it } from 'vitest';
import { trainingSpec, type TrainingSpec } from '../../../shared/schema/training.ts';
import { learningRates } from './learning-rate.ts';

function rates(change: Partial<Record<keyof TrainingSpec, unknown>>, points = 11): number[] {
  const plan = trainingSpec.parse({ optimizer: { kind: 'sgd', learningRate: 0.1 }, epochs: 10, ...change });
  return learningRates(plan, points);
}
const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)));

describe('the learning rate over a run', () => {
  it('stays where nothing changes it, a plateau not being known before', () => {
    expect(new Set(rates({}))).toEqual(new Set([0.1]));
    expect(new Set(rates({ schedule: { kind: 'reduce-on-plateau' } }))).toEqual(new Set([0.1]));
  });

  it('falls at whole epochs by steps', () => {
    const schedule = { kind: 'step', everyEpochs: 4, factor: 0.5 };
    expect(rounded(rates({ schedule }))).toEqual([
      0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025,
    ]);
  });

  it('falls after every epoch', () => {
    const schedule = { kind: 'exponential', factor: 0.5 };
    expect(rounded(rates({ schedule, epochs: 2 }, 5))).toEqual([0.1, 0.1, 0.05, 0.05, 0.05]);
  });

  it('is half of it half way along a cosine, and its share at the end', () => {
    expect(rounded(rates({ schedule: { kind: 'cosine' } }, 3))).toEqual([0.1, 0.05, 0]);
    expect(rates({ schedule: { kind: 'cosine', minimumShare: 0.2 } }).at(-1)).toBeCloseTo(0.02);
  });

  it('goes up and down in one cycle', () => {
    const schedule = { kind: 'one-cycle', warmUpShare: 0.5, startDivisor: 10, endDivisor: 100 };
    // 0.055 is half way between 0.01 and 0.1.
    expect(rounded(rates({ schedule }, 5))).toEqual([0.01, 0.055, 0.1, 0.05005, 0.0001]);
  });

  it('begins at zero and meets the schedule while it warms up', () => {
    expect(rounded(rates({ warmUpEpochs: 5 }, 5))).toEqual([0, 0.05, 0.1, 0.1, 0.1]);
  });
});
