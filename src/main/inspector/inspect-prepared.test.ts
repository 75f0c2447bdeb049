import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Inspection, type TrainedRun } from '../../../test/fixtures/inspection.ts';
import type * as fitting from '../preprocess/fit-preprocessing.ts';
import { fitPreprocessing } from '../preprocess/fit-preprocessing.ts';

// The real one, but counted.
vi.mock('../preprocess/fit-preprocessing.ts', async (load) => {
  const real = await load<typeof fitting>();
  return { fitPreprocessing: vi.fn(real.fitPreprocessing) };
});

const EPOCHS = 3;
const inspection = new Inspection();
afterAll(() => inspection.close());

const data = {
  dataset: 'circles',
  generator: { trainExamples: 200, testExamples: 90, noise: 0.1, seed: 1 },
};
const whitening = [{ kind: 'zca-whitening' as const, epsilon: 0.01 }];
const model = {
  layers: [
    { kind: 'dense' as const, units: 6, activation: 'tanh' as const },
    { kind: 'dense' as const, units: 2 },
  ],
};

describe.each([
  ['a net', { model, training: { batchSize: 20, epochs: EPOCHS } }, EPOCHS],
  ['a support vector machine', { svm: { kernel: 'rbf' as const } }, 1],
] as const)('%s on whitened features', (_, method, last) => {
  let run: TrainedRun;
  beforeAll(async () => {
    run = await inspection.train({ data, preprocessing: whitening, ...method });
    vi.mocked(fitPreprocessing).mockClear();
  });

  it('is looked at with the preparation its run stored, not one fitted anew', async () => {
    const found = await inspection.classify(run.netAt(last), 'test');
    await inspection.plane(run.netAt(last), 9);
    expect(fitPreprocessing).not.toHaveBeenCalled();
    expect(found.accuracy).toBe(run.measured('test', 'accuracy'));
  });

  it('is the same, bit for bit, as with one fitted anew, for a run that stored none', async () => {
    const stored = await inspection.results(run.netAt(last), 'test');
    const net = { ...run.netAt(last), preprocessing: null };
    expect(await inspection.results(net, 'test')).toEqual(stored);
    expect(fitPreprocessing).toHaveBeenCalledTimes(1);
  });

  it('is not shown with a damaged preparation', async () => {
    const net = run.netAt(last);
    const { artifactDirectory } = inspection.places;
    await writeFile(join(artifactDirectory, net.preprocessing!.path), 'nothing of use');
    await expect(inspection.results(net, 'test')).rejects.toMatchObject({ code: 'data-damaged' });
  });
});

describe('a whitened net before training', () => {
  it('is given what its run prepared', async () => {
    const run = await inspection.train({
      data,
      preprocessing: whitening,
      model,
      training: { batchSize: 20, epochs: 1 },
    });
    vi.mocked(fitPreprocessing).mockClear();
    await inspection.classify(run.netAt(0), 'test');
    expect(fitPreprocessing).not.toHaveBeenCalled();
  });
});
