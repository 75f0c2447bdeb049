import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PreprocessingSpec } from '../../shared/schema/preprocessing.ts';
import type { TargetValues } from '../data/loaded-dataset.ts';
import { fitPreprocessing, restorePreprocessing, type FittedTarget } from './index.ts';

/** Prices whose logarithms are -1 and 1 times 0.5 about 12, and one outside of the training rows. */
const prices = Float32Array.from([11.5, 12.5, 11.5, 12.5, 0], Math.exp);
const trainRows = Int32Array.of(0, 1, 2, 3);
const LOG: PreprocessingSpec = [{ kind: 'log-target' }];
const STANDARDISE: PreprocessingSpec = [{ kind: 'standardise-target' }];

function fit(spec: PreprocessingSpec, targets: TargetValues = prices): FittedTarget {
  const features = { shape: [5, 1], values: new Float32Array(5) };
  return fitPreprocessing(spec, { features, targets: [targets] }, trainRows).target;
}

function through(change: (y: tf.Tensor) => tf.Tensor, values: ArrayLike<number>): number[] {
  return tf.tidy(() => [...change(tf.tensor1d(Float32Array.from(values))).dataSync()]);
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, relative = 1e-6): void {
  expect(found.length).toBe(expected.length);
  // float32 keeps the digits of the largest number only.
  const scale = 1 + Math.max(...Array.from(expected, Math.abs));
  const worst = Math.max(...Array.from(found, (value, i) => Math.abs(value - expected[i]!)));
  expect(worst / scale).toBeLessThanOrEqual(relative);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a target', () => {
  it('is left as it is without steps', () => {
    const target = fit([]);
    expect(target.isIdentity).toBe(true);
    expect(through(target.apply, prices)).toEqual([...prices]);
    expect([...target.invertValues([1, 2])]).toEqual([1, 2]);
    expect([...target.invertDeviations([3], [100])]).toEqual([3]);
  });

  it('becomes its logarithm', () => {
    expectClose(through(fit(LOG).apply, prices), [11.5, 12.5, 11.5, 12.5, 0]);
  });

  it('is standardised by the training rows alone', () => {
    expectClose(
      through(fit(STANDARDISE, Float32Array.of(2, 4, 2, 4, 99)).apply, [2, 3, 4, 5]),
      [-1, 0, 1, 2],
    );
  });

  it('takes the steps in their order', () => {
    expectClose(through(fit([...LOG, ...STANDARDISE]).apply, prices), [-1, 1, -1, 1, -24], 1e-5);
  });

  it.each([
    ['log', LOG],
    ['standardise', STANDARDISE],
    ['both', [...LOG, ...STANDARDISE]],
  ])('comes back to its own unit, in the graph and outside: %s', (_, spec) => {
    const target = fit(spec);
    const prepared = through(target.apply, prices);
    expectClose(through(target.invert, prepared), prices, 1e-5);
    expectClose(target.invertValues(prepared), prices, 1e-5);
  });

  it('has deviations that follow the slope of the way back', () => {
    const standardised = fit(STANDARDISE, Float32Array.of(2, 4, 2, 4, 99));
    expect([...standardised.invertDeviations([0.5, 2], [0, 7])]).toEqual([0.5, 2]);
    const both = fit([...LOG, ...STANDARDISE]);
    const [found] = both.invertDeviations([0.3], [0.7]);
    const [above, below] = both.invertValues([0.7 + 1e-5, 0.7 - 1e-5]);
    expect(found! / ((0.3 * (above! - below!)) / 2e-5)).toBeCloseTo(1, 6);
  });

  it('comes back from its stored form', () => {
    const features = { shape: [5, 1], values: new Float32Array(5) };
    const fitted = fitPreprocessing([...LOG, ...STANDARDISE], { features, targets: [prices] }, trainRows);
    const restored = restorePreprocessing(JSON.parse(JSON.stringify(fitted)));
    expect([...restored.target.invertValues([-1, 0.5])]).toEqual([...fitted.target.invertValues([-1, 0.5])]);
  });

  it('without spread becomes zero', () => {
    expect(through(fit(STANDARDISE, new Float32Array(5).fill(3)).apply, [3, 4])).toEqual([0, 1]);
  });

  it('must be a number, and positive under a logarithm', () => {
    expect(() => fit(LOG, new Int32Array(5))).toThrow(/main target is a class/);
    expect(() => fit(LOG, Float32Array.of(1, 2, 0, 3, 4))).toThrow(/smallest of the training part is 0/);
    expect(() => fit([...STANDARDISE, ...LOG])).toThrow(/before standardise-target/);
  });
});
