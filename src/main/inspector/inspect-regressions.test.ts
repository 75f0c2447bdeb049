import { afterAll, describe, expect, it } from 'vitest';
import { distance, Inspection } from '../../../test/fixtures/inspection.ts';

const inspection = new Inspection();
afterAll(() => inspection.close());

/** The same number but for the rounding of float32. */
function expectNear(found: number | null, expected: number): void {
  expect(distance(found, expected)).toBeLessThan(1e-6);
}

const adam = { kind: 'adam', learningRate: 0.03 } as const;

const curve = { dataset: 'noisy-1d' };
const hidden = { kind: 'dense', units: 16, activation: 'tanh' } as const;

describe('a regression on one feature', () => {
  it('comes to the errors the run measured in the original unit, and draws its curve', async () => {
    const run = await inspection.train({
      data: curve,
      preprocessing: [{ kind: 'standardise' }, { kind: 'standardise-target' }],
      model: { layers: [hidden, { kind: 'dense', units: 1 }] },
      training: { loss: 'mean-squared-error', optimizer: adam, batchSize: 10, epochs: 20 },
      evaluation: { metrics: ['root-mean-squared-error', 'mean-absolute-error'] },
    });
    const found = await inspection.regress(run.netAt(20), 'test');
    expectNear(found.rootMeanSquaredError, run.measured('test', 'root-mean-squared-error'));
    expectNear(found.meanAbsoluteError, run.measured('test', 'mean-absolute-error'));
    expect(found.sigma).toBeNull();
    expect(found.r2).toBeGreaterThan(0.5);
    const field = await inspection.line(run.netAt(20), 100);
    expect(field.x.length).toBe(100);
    expect(Array.from(field.x)).toEqual(Array.from(field.x).toSorted((a, b) => a - b));
    expect(Math.max(...field.predicted)).toBeLessThan(Math.max(...found.actual) + 3);
    expect(Math.min(...field.predicted)).toBeGreaterThan(Math.min(...found.actual) - 3);
  });

  it('gives a Gaussian its deviation in the original unit', async () => {
    const shared: Parameters<Inspection['train']>[0] = {
      data: curve,
      model: { layers: [hidden, { kind: 'dense', units: 2 }] },
      training: {
        loss: 'gaussian-negative-log-likelihood',
        optimizer: { kind: 'adam', learningRate: 0.01 },
        batchSize: 10,
        epochs: 15,
      },
      evaluation: { metrics: [] },
    };
    const plain = await inspection.train(shared);
    const found = await inspection.regress(plain.netAt(15), 'test');
    expectNear(found.negativeLogLikelihood, plain.measured('test', 'loss'));
    const scaled = await inspection.train({ ...shared, preprocessing: [{ kind: 'standardise-target' }] });
    const standardised = await inspection.regress(scaled.netAt(15), 'test');
    // In units of the standardised target the same density is larger by the logarithm of the scale.
    const shift = standardised.negativeLogLikelihood! - scaled.measured('test', 'loss');
    const training = await inspection.regress(scaled.netAt(15), 'train');
    const mean = training.actual.reduce((sum, y) => sum + y, 0) / training.actual.length;
    const variance = training.actual.reduce((sum, y) => sum + (y - mean) ** 2, 0) / training.actual.length;
    expect(shift).toBeCloseTo(Math.log(Math.sqrt(variance)), 4);
    const field = await inspection.line(scaled.netAt(15), 20);
    expect(field.sigma).toHaveLength(20);
    for (const sigma of field.sigma!) expect(sigma).toBeGreaterThan(0);
  });

  it('has no results for a split without examples', async () => {
    const run = await inspection.train({
      data: { ...curve, split: { devFraction: 0 } },
      model: { layers: [{ kind: 'dense', units: 1 }] },
      training: { loss: 'mean-squared-error', epochs: 1 },
      evaluation: { metrics: [] },
    });
    await expect(inspection.classify(run.netAt(1), 'dev')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
