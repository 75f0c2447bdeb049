import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distance, Inspection } from '../../../test/fixtures/inspection.ts';
import { experiment } from '../../shared/schema/experiment.ts';

const inspection = new Inspection();
afterAll(() => inspection.close());

/** The same number but for the rounding of float32. */
function expectNear(found: number | null, expected: number): void {
  expect(distance(found, expected)).toBeLessThan(1e-6);
}

const adam = { kind: 'adam', learningRate: 0.03 } as const;

describe('a net for images', () => {
  const conv = { kind: 'conv2d', filters: 4, kernelSize: 3, strides: 2, activation: 'relu' } as const;

  it.each(['wasm', 'tensorflow'] as const)('comes to the numbers its run measured on %s', async (kind) => {
    const split = { trainLimit: 300, testLimit: 150 };
    const layers = [conv, { kind: 'batch-norm' as const }, conv, { kind: 'flatten' as const }];
    const run = await inspection.train(
      {
        data: { dataset: 'mnist', split },
        preprocessing: [{ kind: 'unit-scale' }],
        model: { layers: [...layers, { kind: 'dense', units: 10 }] },
        training: { optimizer: adam, batchSize: 32, epochs: 3 },
        evaluation: { batchSize: 64 },
      },
      kind,
    );
    const found = await inspection.classify(run.netAt(3), 'test');
    expectNear(found.accuracy, run.measured('test', 'accuracy'));
    expectNear(found.negativeLogLikelihood, run.measured('test', 'loss'));
    const histograms = await inspection.histograms(run.netAt(3), 'test');
    expect(histograms[0]).toMatchObject({ units: 4, activations: { minimum: 0, notFinite: 0 } });
    const refused = { code: 'unsupported' };
    await expect(inspection.plane(run.netAt(3), 9)).rejects.toMatchObject(refused);
  });
});

describe('the preview of a batch', () => {
  beforeAll(() => inspection.use('cpu'));

  const digits = experiment.parse({
    schemaVersion: 1,
    name: 'previewed',
    data: { dataset: 'mnist', split: { trainLimit: 500 } },
    preprocessing: [{ kind: 'unit-scale' }],
    augmentation: [{ kind: 'crop', padding: 2 }],
    training: { batchSize: 8 },
  });
  const preview = (asked: typeof digits, examples: number) =>
    inspection.inspector.previewBatch({ places: inspection.places, experiment: asked, seed: 4, examples });

  it('holds images as they are fed, with their labels, and follows the augmentation', async () => {
    const found = await preview(digits, 5);
    expect(found.shape).toEqual([28, 28, 1]);
    expect(found.values.length).toBe(5 * 28 * 28);
    expect([found.rows.length, found.labels?.length, found.classes.length]).toEqual([5, 5, 10]);
    expect([found.minimum, found.maximum]).toEqual([0, 1]);
    const brighter = await preview({ ...digits, augmentation: [{ kind: 'brightness', amount: 1 }] }, 5);
    expect(brighter.rows).toEqual(found.rows);
    expect(brighter.values).not.toEqual(found.values);
  });

  it('says at which path an augmentation is at fault', async () => {
    const faulty = { ...digits, augmentation: [{ kind: 'cutout' as const, size: 28 }] };
    await expect(preview(faulty, 5)).rejects.toMatchObject({
      code: 'invalid-input',
      details: { path: 'augmentation.0.size' },
    });
  });
});
