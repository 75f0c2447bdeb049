import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectiveSpec } from '../../shared/schema/search.ts';
import { trainingSpec } from '../../shared/schema/training.ts';
import { retrainingEpochs } from './retraining.ts';

const loss = objectiveSpec.parse({});
const accuracy = objectiveSpec.parse({ metric: 'accuracy', direction: 'maximise' });
const stopped = (change: object = {}) =>
  trainingSpec.parse({ epochs: 50, earlyStopping: { patience: 2, ...change } });

/** A net that measured these values after each epoch and then, with the best weights back, the best of them again. */
function net(values: readonly (number | null)[], state: 'finished' | 'pruned' | 'failed' = 'finished') {
  const curve = values.map((value, at): [number, number | null] => [at + 1, value]);
  return { state, epochs: values.length, curve };
}

describe('the epochs of a net without a dev part', () => {
  it('are as many as planned where nothing stopped those before it', () => {
    const planned = trainingSpec.parse({ epochs: 3 });
    expect(retrainingEpochs(planned, loss, [net([3, 1, 2]), net([1, 2, 3])])).toBe(3);
    expect(retrainingEpochs(stopped(), loss, [])).toBe(50);
  });

  it('are those after which each was at its best, in the mean, where the best weights were restored', () => {
    const nets = [net([3, 1, 2, 1]), net([5, 4, 3, 2, 7, 2])];
    expect(retrainingEpochs(stopped(), loss, nets)).toBe(3);
    expect(retrainingEpochs(stopped(), accuracy, [net([0.1, 0.3, 0.9, 0.2, 0.9])])).toBe(3);
  });

  it('take restored weights for no later best, although they measure a little less by rounding', () => {
    expect(retrainingEpochs(stopped(), loss, [net([3, 1, 2, 1 - 1e-9])])).toBe(2);
    expect(retrainingEpochs(stopped(), accuracy, [net([0.5, 0.8, 0.7, 0.8 + 1e-9])])).toBe(2);
  });

  it('are all that those before it trained for, where they were judged after the last', () => {
    const keeps = stopped({ restoreBest: false });
    expect(retrainingEpochs(keeps, loss, [net([3, 1, 2, 2]), net([3, 1, 2, 2, 2, 2])])).toBe(5);
    const best = objectiveSpec.parse({ at: 'best' });
    expect(retrainingEpochs(keeps, best, [net([3, 1, 2, 2])])).toBe(2);
  });

  it('are told by the nets that finished alone', () => {
    const nets = [net([3, 1, 2, 1]), net([9], 'pruned'), net([], 'failed')];
    expect(retrainingEpochs(stopped(), loss, nets)).toBe(2);
    expect(retrainingEpochs(stopped(), loss, nets.slice(1))).toBe(50);
  });

  it('are never none nor more than those nets trained for, whatever they measured', () => {
    const values = fc.array(
      fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })),
      {
        minLength: 1,
        maxLength: 50,
      },
    );
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(loss, accuracy),
        (all, objective) => {
          const epochs = retrainingEpochs(
            stopped(),
            objective,
            all.map((one) => net(one)),
          );
          expect(epochs).toBeGreaterThanOrEqual(1);
          expect(epochs).toBeLessThanOrEqual(Math.max(...all.map(({ length }) => length)));
        },
      ),
    );
  });
});
