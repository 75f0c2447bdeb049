import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fitSvm, predictSvm, type SvmFit } from '../../src/main/training/svm/index.ts';
import { svmSpec } from '../../src/shared/schema/svm.ts';

/** Both stop within 1e-5 of the optimum, but our coefficients are float32 and so are both kernels' caches. */
const TOLERANCE = 2e-4;

const numbers = z.array(z.number());
const stored = z
  .strictObject({
    scikitLearn: z.string(),
    cases: z.array(
      z.strictObject({
        name: z.string(),
        spec: svmSpec,
        features: z.int(),
        points: numbers,
        labels: numbers,
        gamma: z.number().nullable(),
        supportCounts: numbers,
        dual: numbers,
        testPoints: numbers,
        decisions: numbers,
        scores: numbers,
        predicted: numbers,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('svm.json', import.meta.url), 'utf8')));

function fit({ points, labels, features, spec }: (typeof stored.cases)[number]): Promise<SvmFit> {
  const examples = { values: Float32Array.from(points), labels: Int32Array.from(labels), features };
  return fitSvm(examples, spec);
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value) / scale).toBeLessThan(TOLERANCE));
}

/** Sum of |alpha y| over the support vectors, for each row of the table. */
function tableSums({ model }: SvmFit): number[] {
  const width = model.supportVectors.length / model.features;
  return Array.from({ length: model.labels.length - 1 }, (_, row) =>
    model.coefficients
      .subarray(row * width, (row + 1) * width)
      .reduce((sum, value) => sum + Math.abs(value), 0),
  );
}

describe('a support vector machine agrees with scikit-learn (LIBSVM)', () => {
  test.each(stored.cases)('$name', async (expected) => {
    const found = await fit(expected);
    if (expected.gamma !== null) expect(found.model.gamma).toBeCloseTo(expected.gamma, 6);
    expect([...found.model.counts]).toEqual(expected.supportCounts);
    expectClose(tableSums(found), expected.dual);
    const predictions = await predictSvm(found.model, Float32Array.from(expected.testPoints));
    expectClose(predictions.decisions, expected.decisions);
    expectClose(predictions.scores, expected.scores);
    expect([...predictions.labels]).toEqual(expected.predicted);
  });
});
