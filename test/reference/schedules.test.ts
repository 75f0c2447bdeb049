import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { beginPlateau, createSchedule, observePlateau } from '../../src/main/training/schedules/index.ts';
import { scheduleSpec } from '../../src/shared/schema/schedule.ts';

/** Both sides compute in float64; PyTorch multiplies its way along where we have a formula. */
const TOLERANCE = 1e-12;

const numbers = z.array(z.number());
const stored = z
  .strictObject({
    torch: z.string(),
    cases: z.array(
      z.strictObject({
        name: z.string(),
        schedule: scheduleSpec,
        learningRate: z.number(),
        epochs: z.int(),
        stepsPerEpoch: z.int(),
        warmUpEpochs: z.number(),
        rates: numbers,
      }),
    ),
    plateaus: z.array(
      z.strictObject({
        name: z.string(),
        schedule: scheduleSpec,
        learningRate: z.number(),
        values: numbers,
        rates: numbers,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('schedules.json', import.meta.url), 'utf8')));

function expectRates(found: readonly number[], expected: readonly number[], learningRate: number): void {
  expect(found.length).toBe(expected.length);
  found.forEach((rate, i) => expect(Math.abs(rate - expected[i]!)).toBeLessThan(TOLERANCE * learningRate));
}

describe('learning rates of every step agree with PyTorch', () => {
  test.each(stored.cases)(
    '$name',
    ({ schedule, learningRate, epochs, stepsPerEpoch, warmUpEpochs, rates }) => {
      const training = { schedule, warmUpEpochs, epochs, optimizer: { learningRate } };
      const { rateAt } = createSchedule(training, stepsPerEpoch);
      const found = rates.map((_rate, i) => rateAt(i + 1, null));
      expectRates(found, rates, learningRate);
    },
  );
});

describe('reduce-on-plateau agrees with PyTorch', () => {
  test.each(stored.plateaus)('$name', ({ schedule, learningRate, values, rates }) => {
    if (schedule.kind !== 'reduce-on-plateau') throw new Error('no plateau');
    let state = beginPlateau(learningRate);
    const found = values.map((value, i) => {
      state = observePlateau(state, value, i + 1, schedule);
      return state.learningRate;
    });
    expectRates(found, rates, learningRate);
  });
});
