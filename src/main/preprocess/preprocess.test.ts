import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../../shared/random/stream.ts';
import type { PreprocessingSpec } from '../../shared/schema/preprocessing.ts';
import type { Features } from '../data/loaded-dataset.ts';
import {
  checkPreprocessing,
  fitPreprocessing,
  restorePreprocessing,
  type FittedPreprocessing,
} from './index.ts';

const EXAMPLES = 50;
const stream = openStream(5, 'generator', 'preprocess.test');

/** Images [50, 3, 2, 2] with a different spread in each channel. */
const images: Features = {
  shape: [EXAMPLES, 3, 2, 2],
  values: Uint8Array.from({ length: EXAMPLES * 12 }, (_, i) => stream.nextInteger(i % 2 === 0 ? 256 : 20)),
};
const table: Features = {
  shape: [EXAMPLES, 3],
  values: Float32Array.from(
    { length: EXAMPLES * 3 },
    (_, i) => 1e4 * (i % 3) + stream.nextNormal() * 10 ** (i % 3),
  ),
};
const trainRows = Int32Array.from({ length: 30 }, (_, row) => row);

function fit(spec: PreprocessingSpec, features: Features, rows = trainRows): FittedPreprocessing {
  return fitPreprocessing(spec, { features, targets: [] }, rows);
}

/** Two-pass standardisation written the plain way, as oracle. */
function standardiseBy(features: Features, rows: Int32Array, groups: number, divisor = 1): number[] {
  const width = features.values.length / EXAMPLES;
  const members = Array.from({ length: groups }, () => [] as number[]);
  for (const row of rows) {
    for (let f = 0; f < width; f++) members[f % groups]!.push(features.values[row * width + f]! / divisor);
  }
  const means = members.map((m) => m.reduce((a, b) => a + b, 0) / m.length);
  const deviations = members.map((m, g) =>
    Math.sqrt(m.reduce((a, b) => a + (b - means[g]!) ** 2, 0) / m.length),
  );
  return Array.from(
    features.values,
    (v, i) => (v / divisor - means[i % groups]!) / (deviations[i % groups]! || 1),
  );
}

function applyTo(spec: PreprocessingSpec, features: Features, rows = trainRows): number[] {
  const fitted = fit(spec, features, rows);
  return tf.tidy(() => {
    const type = features.values instanceof Uint8Array ? 'int32' : 'float32';
    const x = tf.tensor(features.values, [...features.shape], type);
    const y = fitted.apply(x);
    expect([y.dtype, y.shape]).toEqual(['float32', [...features.shape]]);
    return [...y.dataSync()];
  });
}

function expectClose(found: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  expect(found.length).toBe(expected.length);
  const worst = Math.max(
    ...found.map((value, i) => Math.abs(value - expected[i]!) / (1 + Math.abs(expected[i]!))),
  );
  expect(worst).toBeLessThan(tolerance);
}

describe('fitPreprocessing', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('without steps only casts to float32', () => {
    expect(applyTo([], images)).toEqual([...images.values]);
  });

  it('unit-scale divides by 255', () => {
    expectClose(
      applyTo([{ kind: 'unit-scale' }], images),
      Array.from(images.values, (v) => v / 255),
      1e-7,
    );
  });

  it('standardises per feature, also where the mean is 2,000 times the spread', () => {
    // float32 leaves about 2000 * 2^-24 of relative error in x * scale + offset.
    expectClose(
      applyTo([{ kind: 'standardise', per: 'feature' }], table),
      standardiseBy(table, trainRows, 3),
      5e-3,
    );
    expectClose(
      applyTo([{ kind: 'standardise', per: 'feature' }], images),
      standardiseBy(images, trainRows, 12),
    );
  });

  it('standardises per channel', () => {
    expectClose(
      applyTo([{ kind: 'standardise', per: 'channel' }], images),
      standardiseBy(images, trainRows, 2),
    );
  });

  it.each([
    ['feature', 12],
    ['channel', 2],
  ] as const)('min-max maps the training rows to [0, 1] per %s', (per, groups) => {
    const found = applyTo([{ kind: 'unit-scale' }, { kind: 'min-max', per }], images);
    const ofTraining = Array.from({ length: groups }, (_, group) =>
      [...images.values.subarray(0, 30 * 12)].filter((_, i) => i % groups === group),
    );
    const extremes = ofTraining.map((values) => [Math.min(...values), Math.max(...values)] as const);
    expectClose(
      found,
      Array.from(images.values, (value, i) => {
        const [least, most] = extremes[i % groups]!;
        return (value - least) / (most - least);
      }),
    );
    const trained = found.slice(0, 30 * 12);
    expect(Math.min(...trained)).toBeCloseTo(0, 6);
    expect(Math.max(...trained)).toBeCloseTo(1, 6);
  });

  it('min-max turns a feature without spread into zeros', () => {
    const constant = { shape: [EXAMPLES, 1], values: new Float32Array(EXAMPLES).fill(7) };
    expect(new Set(applyTo([{ kind: 'min-max', per: 'feature' }], constant))).toEqual(new Set([0]));
  });

  it('folds several steps into what they give one after the other', () => {
    const folded = applyTo([{ kind: 'unit-scale' }, { kind: 'standardise', per: 'channel' }], images);
    expectClose(folded, standardiseBy(images, trainRows, 2, 255));
    const twice: PreprocessingSpec = [
      { kind: 'standardise', per: 'feature' },
      { kind: 'standardise', per: 'channel' },
    ];
    expectClose(applyTo(twice, images), standardiseBy(images, trainRows, 12));
  });

  it('does not look at rows outside the training part', () => {
    const poisoned = { shape: images.shape, values: Uint8Array.from(images.values) };
    poisoned.values.fill(255, 30 * 12);
    const spec: PreprocessingSpec = [{ kind: 'unit-scale' }, { kind: 'standardise', per: 'feature' }];
    expect(fit(spec, poisoned, trainRows).toJSON()).toEqual(fit(spec, images, trainRows).toJSON());
    const allRows = Int32Array.from({ length: EXAMPLES }, (_, row) => row);
    expect(fit(spec, poisoned, allRows).toJSON()).not.toEqual(fit(spec, images, allRows).toJSON());
  });

  it('turns a feature without spread into zeros, not into NaN', () => {
    const constant: Features = {
      shape: [EXAMPLES, 2],
      values: Float32Array.from({ length: EXAMPLES * 2 }, (_, i) => (i % 2 === 0 ? 0.1 : 7 + (i % 5))),
    };
    const result = applyTo([{ kind: 'standardise', per: 'feature' }], constant);
    expect(result.every(Number.isFinite)).toBe(true);
    expectClose(
      result.filter((_, i) => i % 2 === 0),
      new Array<number>(EXAMPLES).fill(0),
    );
  });

  it('survives being stored as JSON', () => {
    const fitted = fit([{ kind: 'standardise', per: 'feature' }], table, trainRows);
    const restored = restorePreprocessing(JSON.parse(JSON.stringify(fitted)));
    tf.tidy(() => {
      const x = tf.tensor(table.values, [EXAMPLES, 3]);
      expect([...restored.apply(x).dataSync()]).toEqual([...fitted.apply(x).dataSync()]);
    });
    expect(() => restorePreprocessing({ scale: [1], offset: [] })).toThrow(/not valid/);
  });

  it('leaves no tensor behind but the result, and keeps the input alive', () => {
    const x = tf.tensor(table.values, [EXAMPLES, 3]);
    for (const spec of [[], [{ kind: 'standardise', per: 'feature' } as const]]) {
      const before = tf.memory().numTensors;
      const y = fit(spec, table, trainRows).apply(x);
      expect(tf.memory().numTensors).toBe(before + 1);
      y.dispose();
      expect(x.isDisposed).toBe(false);
    }
    x.dispose();
  });

  it('refuses unit-scale on float data, no rows, and examples of another width', () => {
    expect(() => fit([{ kind: 'unit-scale' }], table, trainRows)).toThrow(/float32 values/);
    expect(() => fit([], table, new Int32Array())).toThrow(/no training rows/);
    tf.tidy(() => {
      const fitted = fit([], table, trainRows);
      expect(() => fitted.apply(tf.zeros([2, 4]))).toThrow(/has 4 features, expected the 3/);
    });
  });
});

describe('checkPreprocessing', () => {
  const classes = { name: 'label', kind: 'class' as const, classes: ['a', 'b'], unit: null };
  const digits = { name: 'Digits', featureShape: [3, 2, 2], targets: [classes] };
  const prices = {
    name: 'Prices',
    featureShape: [4],
    targets: [{ name: 'price', kind: 'number' as const, classes: [], unit: 'USD' }],
  };
  const whitening = { kind: 'zca-whitening' as const, epsilon: 0.1 };
  const standardise = { kind: 'standardise' as const, per: 'feature' as const };

  it('accepts what can be fitted', () => {
    expect(checkPreprocessing([{ kind: 'unit-scale' }, standardise, whitening], digits)).toEqual([]);
    expect(
      checkPreprocessing(
        [standardise, { kind: 'log-target' }, whitening, { kind: 'standardise-target' }],
        prices,
      ),
    ).toEqual([]);
  });

  it('finds unit-scale on real numbers or behind another step', () => {
    expect(checkPreprocessing([{ kind: 'unit-scale' }], prices)).toMatchObject([{ path: 'preprocessing.0' }]);
    expect(checkPreprocessing([standardise, { kind: 'unit-scale' }], digits)).toMatchObject([
      { path: 'preprocessing.1' },
    ]);
  });

  it('finds whitening that is not the last step on the features, as fitting does', () => {
    expect(checkPreprocessing([whitening, standardise], prices)).toMatchObject([{ path: 'preprocessing.0' }]);
    expect(() => fit([whitening, standardise], table)).toThrow(/last step that changes the features/);
    expect(checkPreprocessing([whitening, whitening], prices)).toMatchObject([{ path: 'preprocessing.0' }]);
  });

  it('finds target steps where the main target is a class', () => {
    expect(checkPreprocessing([{ kind: 'log-target' }], digits)).toMatchObject([{ path: 'preprocessing.0' }]);
  });
});
