import { afterAll, describe, expect, it } from 'vitest';
import { distance, Inspection } from '../../../test/fixtures/inspection.ts';

const inspection = new Inspection();
afterAll(() => inspection.close());

/** The same number but for the rounding of float32. */
function expectNear(found: number | null, expected: number): void {
  expect(distance(found, expected)).toBeLessThan(1e-6);
}

const rings = {
  dataset: 'circles',
  generator: { trainExamples: 200, testExamples: 90, noise: 0.1, seed: 1 },
};

const adam = { kind: 'adam', learningRate: 0.03 } as const;

describe('a sigmoid classification', () => {
  it('comes to the numbers the run measured, and draws two spirals apart', async () => {
    const run = await inspection.train({
      data: {
        dataset: 'spirals',
        generator: { trainExamples: 600, testExamples: 100, noise: 0.02, seed: 1 },
      },
      model: {
        layers: [
          { kind: 'dense', units: 24, activation: 'relu', weightInitializer: { kind: 'he-normal' } },
          { kind: 'dense', units: 24, activation: 'relu', weightInitializer: { kind: 'he-normal' } },
          { kind: 'dense', units: 1 },
        ],
      },
      training: { loss: 'binary-cross-entropy', optimizer: adam, batchSize: 32, epochs: 25 },
    });
    const found = await inspection.classify(run.netAt(25), 'test');
    expectNear(found.accuracy, run.measured('test', 'accuracy'));
    expectNear(found.negativeLogLikelihood, run.measured('test', 'loss'));
    expect(found.accuracy).toBeGreaterThan(0.9);
    const field = await inspection.plane(run.netAt(25), 41);
    const firsts = Array.from(field.values).filter((_, i) => i % 2 === 0);
    const share = firsts.filter((value) => value > 0.5).length / firsts.length;
    // Each spiral has a part of the plane.
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
  });
});

describe('a classification without probabilities', () => {
  it('names the classes that its run was measured by, and claims no likelihood', async () => {
    const run = await inspection.train({
      data: rings,
      model: {
        layers: [
          { kind: 'dense', units: 8, activation: 'tanh' },
          { kind: 'dense', units: 1 },
        ],
      },
      training: { loss: 'mean-squared-error', optimizer: adam, batchSize: 20, epochs: 4 },
    });
    const found = await inspection.classify(run.netAt(4), 'test');
    expectNear(found.accuracy, run.measured('test', 'accuracy'));
    expect(found.negativeLogLikelihood).toBeNull();
    expect(found.calibration).toEqual([]);
  });
});

describe('a net with two heads', () => {
  it('has a result for each, as the run measured it', async () => {
    const run = await inspection.train({
      data: rings,
      model: {
        layers: [
          { kind: 'dense', name: 'trunk', units: 8, activation: 'tanh' },
          { kind: 'dense', name: 'plain', units: 2, inputs: ['trunk'] },
          { kind: 'dense', name: 'single', units: 1, inputs: ['trunk'] },
        ],
        heads: [
          { name: 'softmax', layer: 'plain', target: 'ring' },
          { name: 'sigmoid', layer: 'single', target: 'ring', loss: 'binary-cross-entropy', weight: 0.5 },
        ],
      },
      training: { optimizer: adam, batchSize: 20, epochs: 4 },
    });
    const heads = await inspection.results(run.netAt(4), 'test');
    expect(heads.map(({ name }) => name)).toEqual(['softmax', 'sigmoid']);
    for (const { name, result } of heads) {
      if (result.kind !== 'classification') throw new Error('expected a classification');
      expectNear(result.accuracy, run.measured('test', `${name}/accuracy`));
      expectNear(result.negativeLogLikelihood, run.measured('test', `${name}/loss`));
    }
  });
});

describe('a net on whitened features', () => {
  it('is given them whitened as in training, in its field too', async () => {
    const run = await inspection.train({
      data: rings,
      preprocessing: [{ kind: 'zca-whitening', epsilon: 0.01 }],
      model: {
        layers: [
          { kind: 'dense', units: 12, activation: 'tanh' },
          { kind: 'dense', units: 2 },
        ],
      },
      training: { optimizer: adam, batchSize: 20, epochs: 15 },
    });
    const found = await inspection.classify(run.netAt(15), 'test');
    expectNear(found.negativeLogLikelihood, run.measured('test', 'loss'));
    const field = await inspection.plane(run.netAt(15), 33);
    expect(field.values[2 * (16 * 33 + 16) + 1]).toBeGreaterThan(0.7);
    expect(field.values[0]).toBeGreaterThan(0.7);
  });
});

describe('a support vector machine', () => {
  it('names the classes its run was measured by, and draws its boundary', async () => {
    const run = await inspection.train({ data: rings, svm: { kernel: 'rbf', C: 10, gamma: 1 } });
    const net = run.netAt(1);
    const found = await inspection.classify(net, 'test');
    expectNear(found.accuracy, run.measured('test', 'accuracy'));
    expect(found).toMatchObject({ negativeLogLikelihood: null, calibration: [] });
    const field = await inspection.plane(net, 33);
    const middle = 16 * 33 + 16;
    expect(field.values[2 * middle + 1]).toBeGreaterThan(0.5);
    expect(field.values[0]).toBeGreaterThan(0.5);
    const refused = { code: 'unsupported' };
    await expect(inspection.histograms(net, 'test')).rejects.toMatchObject(refused);
  });

  it('is nothing before it is fitted', async () => {
    const run = await inspection.train({ data: rings, svm: { kernel: 'linear' } });
    const refused = { code: 'not-found' };
    await expect(inspection.plane(run.netAt(0), 9)).rejects.toMatchObject(refused);
  });
});
