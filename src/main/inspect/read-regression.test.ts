import { describe, expect, it } from 'vitest';
import type { TargetInfo } from '../../shared/schema/dataset.ts';
import { fitPreprocessing } from '../preprocess/index.ts';
import type { InspectedHead } from './inspected-head.ts';
import { readRegression } from './read-regression.ts';

const price: TargetInfo = { name: 'price', kind: 'number', classes: [], unit: 'USD' };
const gaussian: InspectedHead = {
  name: 'price',
  targetIndex: 0,
  target: price,
  outputCount: 2,
  meaning: 'scores',
  isGaussian: true,
};

/** Fitted on the targets e, e^3 and e^5, whose logarithms have mean 3 and variance 8/3. */
function fitted(...kinds: ('log-target' | 'standardise-target')[]) {
  const features = { shape: [3, 1], values: Float32Array.of(0, 1, 2) };
  const targets = [Float32Array.of(Math.exp(1), Math.exp(3), Math.exp(5))];
  return fitPreprocessing(
    kinds.map((kind) => ({ kind })),
    { features, targets },
    Int32Array.of(0, 1, 2),
  );
}

/** The number whose softplus is a variance. */
const rawOf = (variance: number): number => Math.log(Math.expm1(variance));

describe('a Gaussian regression', () => {
  it('has its mean and deviation as they are where the target is', () => {
    const { predicted, sigma } = readRegression(
      fitted(),
      gaussian,
      Float32Array.of(2, rawOf(4), -1, rawOf(0.25)),
    );
    expect(Array.from(predicted)).toEqual([2, -1]);
    expect(sigma![0]).toBeCloseTo(2, 5);
    expect(sigma![1]).toBeCloseTo(0.5, 5);
  });

  it('has the median and the spread at it where the target was a logarithm', () => {
    const { predicted, sigma } = readRegression(
      fitted('log-target'),
      gaussian,
      Float32Array.of(3, rawOf(0.01)),
    );
    expect(predicted[0]).toBeCloseTo(Math.exp(3), 4);
    expect(sigma![0]).toBeCloseTo(0.1 * Math.exp(3), 3);
  });

  it('goes back through every step of the target', () => {
    const both = fitted('log-target', 'standardise-target');
    const deviation = Math.sqrt(8 / 3);
    const { predicted, sigma } = readRegression(both, gaussian, Float32Array.of(0.5, rawOf(0.04)));
    const median = Math.exp(3 + 0.5 * deviation);
    expect(predicted[0]! / median).toBeCloseTo(1, 5);
    expect(sigma![0]! / (0.2 * deviation * median)).toBeCloseTo(1, 4);
  });

  it('leaves a second target as it is, which is not prepared', () => {
    const second = { ...gaussian, targetIndex: 1, isGaussian: false, outputCount: 1 };
    const { predicted, sigma } = readRegression(fitted('log-target'), second, Float32Array.of(2, 3));
    expect(Array.from(predicted)).toEqual([2, 3]);
    expect(sigma).toBeNull();
  });
});
