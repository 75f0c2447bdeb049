import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Engine } from '../../src/main/engine/engine.ts';
import { fitPreprocessing, restorePreprocessing } from '../../src/main/preprocess/index.ts';
import { openStream } from '../../src/shared/random/stream.ts';
import type { PreprocessingSpec } from '../../src/shared/schema/preprocessing.ts';
import { engineCases, openTestEngine } from './engines.ts';

const numbers = z.array(z.number());
const stored = z
  .strictObject({
    numpy: z.string(),
    shape: numbers,
    train: z.int(),
    values: numbers,
    cases: z.array(z.strictObject({ epsilon: z.number(), standardised: z.boolean(), whitened: numbers })),
  })
  .parse(JSON.parse(readFileSync(new URL('whitening.json', import.meta.url), 'utf8')));

const images = { shape: stored.shape, values: Uint8Array.from(stored.values) };

function firstRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}

function specOf(epsilon: number, standardised: boolean): PreprocessingSpec {
  return [
    { kind: 'unit-scale' },
    ...(standardised ? [{ kind: 'standardise' as const, per: 'channel' as const }] : []),
    { kind: 'zca-whitening', epsilon },
  ];
}

function fit(epsilon: number, standardised = false) {
  const rows = firstRows(stored.train);
  return fitPreprocessing(specOf(epsilon, standardised), { features: images, targets: [] }, rows);
}

/** Covariance of the first rows, plainly, in float64. */
function covariance(values: ArrayLike<number>, rows: number, width: number): number[] {
  const mean = (feature: number) =>
    firstRows(rows).reduce((sum, row) => sum + values[row * width + feature]! / rows, 0);
  const means = Array.from({ length: width }, (_, feature) => mean(feature));
  return Array.from({ length: width * width }, (_, place) => {
    const [a, b] = [Math.floor(place / width), place % width];
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      sum += (values[row * width + a]! - means[a]!) * (values[row * width + b]! - means[b]!);
    }
    return sum / rows;
  });
}

const eagerCases = engineCases.filter(({ executor }) => executor === 'eager');

describe.each(eagerCases)('whitening on the $kind engine', ({ kind }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test.each(stored.cases)(
    "with epsilon $epsilon (standardised: $standardised) is NumPy's",
    async ({ epsilon, standardised, whitened }) => {
      const found = await fit(epsilon, standardised).materialise!(images);
      expect(found.shape).toEqual(images.shape);
      const largest = Math.max(...whitened.map(Math.abs));
      whitened.forEach((value, i) => expect(Math.abs(found.values[i]! - value) / largest).toBeLessThan(1e-4));
    },
  );

  test('makes training features uncorrelated with variance one where eigenvalues are far above epsilon', async () => {
    const width = 24;
    const stream = openStream(2, 'generator', 'whitening.test');
    const shared = Array.from({ length: 200 }, () => stream.nextNormal());
    const values = Float32Array.from({ length: 200 * width }, (_, i) => {
      return 3 * shared[Math.floor(i / width)]! + (1 + (i % width)) * stream.nextNormal() + 100;
    });
    const table = { shape: [200, width], values };
    const spec: PreprocessingSpec = [{ kind: 'zca-whitening', epsilon: 1e-3 }];
    const fitted = fitPreprocessing(spec, { features: table, targets: [] }, firstRows(150));
    const { values: found } = await fitted.materialise!(table);
    covariance(found, 150, width).forEach((value, place) =>
      expect(Math.abs(value - (place % (width + 1) === 0 ? 1 : 0))).toBeLessThan(5e-3),
    );
  });

  test('does not look at rows outside of the training part', async () => {
    const poisoned = { shape: images.shape, values: Uint8Array.from(images.values) };
    poisoned.values.fill(255, stored.train * 12);
    const rows = firstRows(stored.train);
    const fitted = fitPreprocessing(specOf(0.1, true), { features: poisoned, targets: [] }, rows);
    const [clean, found] = [await fit(0.1, true).materialise!(images), await fitted.materialise!(poisoned)];
    const trained = stored.train * 12;
    expect(found.values.slice(0, trained)).toEqual(clean.values.slice(0, trained));
  });

  test('comes back from its stored form to the same numbers', async () => {
    const fitted = fit(0.1);
    expect(() => fitted.toJSON()).toThrow(/not fitted yet/);
    const expected = await fitted.materialise!(images);
    const restored = restorePreprocessing(JSON.parse(JSON.stringify(fitted)));
    expect((await restored.materialise!(images)).values).toEqual(expected.values);
  });

  test('leaves no tensors behind', async () => {
    const before = engine.memory();
    await fit(0.1).materialise!(images);
    expect(engine.memory()).toEqual(before);
  });

  test('refuses what float32 cannot hold, and examples of another width', async () => {
    const spread = Float32Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1e4 : 1) * Math.sin(i * i));
    const table = { shape: [200, 2], values: spread };
    const spec: PreprocessingSpec = [{ kind: 'zca-whitening', epsilon: 1e-9 }];
    // Two equal columns of very different size: one eigenvalue is nearly nothing.
    for (let row = 0; row < 200; row++) spread[row * 2 + 1] = spread[row * 2]! / 1e4;
    const fitted = fitPreprocessing(spec, { features: table, targets: [] }, firstRows(200));
    const before = engine.memory();
    await expect(fitted.materialise!(table)).rejects.toThrow(/larger epsilon/);
    expect(engine.memory()).toEqual(before);
    await expect(fit(0.1).materialise!(table)).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});
