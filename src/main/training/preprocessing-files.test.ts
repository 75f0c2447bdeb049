import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PreprocessingSpec } from '../../shared/schema/preprocessing.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/index.ts';
import { fitPreprocessing, type FittedPreprocessing } from '../preprocess/index.ts';
import { readPreprocessing, writePreprocessing } from './preprocessing-files.ts';

const ROWS = 40;
const features = {
  shape: [ROWS, 3],
  // The middle feature is 0 everywhere, as the corners of written digits are.
  values: Float32Array.from({ length: ROWS * 3 }, (_, i) => (i % 3 === 1 ? 0 : Math.sin(7.3 * i) * (i % 5))),
};
const prices = Float32Array.from({ length: ROWS }, (_, i) => 1e5 + 17.3 * i * i);
const rows = Int32Array.from({ length: 30 }, (_, row) => row);

let engine: Engine;
let directory: string;
beforeAll(async () => {
  ({ engine } = await openEngine({ choice: 'cpu', threads: null, device: 'auto' }, tmpdir()));
});
afterAll(() => engine.dispose());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'preprocessing-'));
});

const fit = (spec: PreprocessingSpec): FittedPreprocessing =>
  fitPreprocessing(spec, { features, targets: [prices] }, rows);
const write = (fitted: FittedPreprocessing) => writePreprocessing(directory, 'run0123456789', fitted);

/** Bit patterns of the whole part, whitened where that is done. */
async function bitsOf(fitted: FittedPreprocessing): Promise<Uint32Array> {
  const fed = fitted.materialise === null ? features : await fitted.materialise(features);
  const prepared = tf.tidy(() => fitted.apply(tf.tensor(fed.values, [...fed.shape])).dataSync<'float32'>());
  return new Uint32Array(Float32Array.from(prepared).buffer);
}

describe('the stored preparation of a run', () => {
  const whitening = [
    { kind: 'standardise', per: 'feature' },
    { kind: 'zca-whitening', epsilon: 0.01 },
  ] as const;

  it.each<{ name: string; spec: PreprocessingSpec }>([
    { name: 'standardises', spec: [{ kind: 'standardise', per: 'feature' }] },
    { name: 'scales to [0, 1]', spec: [{ kind: 'min-max', per: 'feature' }] },
    { name: 'whitens', spec: [...whitening] },
  ])('$name to the same bits', async ({ spec }) => {
    const fitted = fit(spec);
    const expected = await bitsOf(fitted);
    const restored = await readPreprocessing(directory, await write(fitted));
    expect(await bitsOf(restored)).toEqual(expected);
    expect(restored.toJSON()).toEqual(fitted.toJSON());
  });

  it('gives targets back in their unit, to the same bits', async () => {
    const fitted = fit([{ kind: 'log-target' }, { kind: 'standardise-target' }]);
    const { target } = await readPreprocessing(directory, await write(fitted));
    expect(target.invertValues([-1.3, 0, 0.7])).toEqual(fitted.target.invertValues([-1.3, 0, 0.7]));
    expect(target.isIdentity).toBe(false);
  });

  it('lies where its artifact says', async () => {
    const artifact = await write(fit([{ kind: 'standardise', per: 'feature' }]));
    expect(artifact).toMatchObject({ kind: 'preprocessing', path: 'runs/run0123456789/preprocessing.json' });
    expect((await readFile(join(directory, artifact.path))).length).toBe(artifact.sizeBytes);
  });

  it('is refused where its file is gone, or another one than was stored', async () => {
    const artifact = await write(fit([{ kind: 'standardise', per: 'feature' }]));
    const missing = { ...artifact, path: 'runs/elsewhere/preprocessing.json' };
    await expect(readPreprocessing(directory, missing)).rejects.toMatchObject({ code: 'not-found' });
    const path = join(directory, artifact.path);
    await writeFile(path, (await readFile(path, 'utf8')).replace('1', '2'));
    await expect(readPreprocessing(directory, artifact)).rejects.toMatchObject({
      code: 'data-damaged',
      message: 'preprocessing preprocessing.json: it is not the file the history names; start the run anew',
    });
  });

  it('is not written before its whitening is fitted', async () => {
    await expect(write(fit([...whitening]))).rejects.toThrow(/not fitted yet/);
  });
});
