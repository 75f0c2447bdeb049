import { describe, expect, it } from 'vitest';
import { openStream } from '../../shared/random/stream.ts';
import { objectiveSpec } from '../../shared/schema/search.ts';
import { nestedEstimate } from './nested.ts';

const minimise = objectiveSpec.parse({});
const maximise = objectiveSpec.parse({ direction: 'maximise' });

type Net = Parameters<typeof nestedEstimate>[0][number];

/** A trial's values by fold. */
function trialOf(trial: number, values: readonly (number | null)[], repeat = 0, seed = 1): Net[] {
  return values.map((value, fold) => ({ trial, result: { fold, repeat, seed, values: [value] } }));
}

describe('the nested estimate', () => {
  it('takes each fold of the trial that is best on all others', () => {
    const nets = [...trialOf(0, [1, 5, 1]), ...trialOf(1, [2, 2, 2]), ...trialOf(2, [3, 0, 3])];
    // Without fold 0: means 3, 2 and 1.5; without fold 1: 1, 2 and 3; without fold 2: 3, 2 and 1.5.
    const { value, standardError, choices } = nestedEstimate(nets, minimise);
    expect(choices.map(({ trial, value: own }) => [trial, own])).toEqual([
      [2, 3],
      [0, 5],
      [2, 3],
    ]);
    expect(value).toBeCloseTo(11 / 3, 12);
    // Deviation of 3, 5, 3 over the root of three.
    expect(standardError).toBeCloseTo(Math.sqrt(4 / 3) / Math.sqrt(3), 12);
  });

  it('takes what is larger for better where that is wanted', () => {
    const nets = [...trialOf(0, [0.9, 0.1]), ...trialOf(1, [0.5, 0.6])];
    expect(nestedEstimate(nets, maximise)).toMatchObject({
      choices: [
        { fold: 0, trial: 1, value: 0.5 },
        { fold: 1, trial: 0, value: 0.1 },
      ],
    });
  });

  it('takes the mean over seeds, and leaves each fold out of its own cut alone', () => {
    const nets = [
      ...trialOf(0, [1, 2], 0, 1),
      ...trialOf(0, [3, 4], 0, 2),
      ...trialOf(0, [8, 9], 1, 1),
      ...trialOf(0, [8, 9], 1, 2),
    ];
    const { choices } = nestedEstimate(nets, minimise);
    expect(choices).toEqual([
      { repeat: 0, fold: 0, trial: 0, value: 2 },
      { repeat: 0, fold: 1, trial: 0, value: 3 },
      { repeat: 1, fold: 0, trial: 0, value: 8 },
      { repeat: 1, fold: 1, trial: 0, value: 9 },
    ]);
  });

  it('passes over trials that are not finite on a fold', () => {
    const nets = [...trialOf(0, [null, 0]), ...trialOf(1, [2, 2])];
    expect(nestedEstimate(nets, minimise).value).toBe(2);
  });

  it('does not share the optimism of the best of many that are all worth the same', () => {
    const normal = openStream(7, 'search', 'nested');
    const [studies, trials, folds] = [60, 100, 5];
    let [nested, best] = [0, 0];
    for (let study = 0; study < studies; study++) {
      const noise = Array.from({ length: trials }, () =>
        Array.from({ length: folds }, () => normal.nextNormal()),
      );
      const nets = noise.flatMap((values, trial) => trialOf(trial, values));
      nested += nestedEstimate(nets, minimise).value / studies;
      const means = noise.map((values) => values.reduce((sum, one) => sum + one, 0) / folds);
      best += Math.min(...means) / studies;
    }
    // The truth is 0. The best mean of 100 lies some 2.5 standard errors of 1 / sqrt(5) below it.
    expect(best).toBeLessThan(-0.9);
    // 300 folds: four standard errors.
    expect(Math.abs(nested)).toBeLessThan(4 / Math.sqrt(studies * folds));
  });

  it('needs two folds, and a trial that has finished', () => {
    expect(() => nestedEstimate([], minimise)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => nestedEstimate(trialOf(0, [1]), minimise)).toThrow(/two folds or more/);
    expect(() => nestedEstimate(trialOf(0, [null, 1]), minimise)).toThrow(/no trial has finished/);
  });
});
