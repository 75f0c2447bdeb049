import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEvidence } from '../../src/main/metrics/class-evidence.ts';
import { measureClassification } from '../../src/main/metrics/classification.ts';
import { gaussianNegativeLogLikelihood, scoreRegression } from '../../src/main/metrics/regression.ts';

const numbers = z.array(z.number());
const ratios = z.array(z.number().nullable());
const stored = z
  .strictObject({
    scikitLearn: z.string(),
    classifications: z.array(
      z.strictObject({
        name: z.string(),
        classes: z.int(),
        logits: numbers,
        labels: z.array(z.int()),
        confusion: z.array(z.int()),
        recall: ratios,
        precision: ratios,
        f1: ratios,
        support: z.array(z.int()),
        accuracy: z.number(),
        macroF1: z.number(),
        topK: z.array(z.strictObject({ k: z.int(), accuracy: z.number() })),
        logLoss: z.number(),
        calibrationCounts: z.array(z.int()),
        calibrationError: z.number(),
      }),
    ),
    regressions: z.array(
      z.strictObject({
        name: z.string(),
        actual: numbers,
        predicted: numbers,
        sigma: numbers,
        rootMeanSquaredError: z.number(),
        meanAbsoluteError: z.number(),
        r2: z.number(),
        negativeLogLikelihood: z.number(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('result-scores.json', import.meta.url), 'utf8')));

function expectRatios(found: readonly (number | null)[], expected: readonly (number | null)[]): void {
  expect(found.map((value) => value === null)).toEqual(expected.map((value) => value === null));
  found.forEach((value, i) => expect(value ?? 0).toBeCloseTo(expected[i] ?? 0, 12));
}

describe.each(stored.classifications)('a classification with $name', (oracle) => {
  const { labels, classes, logits } = oracle;
  const evidence = readEvidence(Float32Array.from(logits), labels.length, classes, 'logits');
  const found = measureClassification(
    evidence,
    { rows: Int32Array.from(labels.keys()), actual: Int32Array.from(labels) },
    Array.from({ length: classes }, (_, label) => `class ${label}`),
  );

  it('counts and scores its classes as scikit-learn does', () => {
    expect(Array.from(found.confusion)).toEqual(oracle.confusion);
    expect(found.perClass.map(({ support }) => support)).toEqual(oracle.support);
    expectRatios(
      found.perClass.map(({ recall }) => recall),
      oracle.recall,
    );
    expectRatios(
      found.perClass.map(({ precision }) => precision),
      oracle.precision,
    );
    expectRatios(
      found.perClass.map(({ f1 }) => f1),
      oracle.f1,
    );
    expect(found.accuracy).toBeCloseTo(oracle.accuracy, 12);
    expect(found.macroF1).toBeCloseTo(oracle.macroF1, 12);
  });

  it('finds the right class among the likeliest as often', () => {
    const expected = classes === 2 ? [{ k: 1, accuracy: oracle.accuracy }] : oracle.topK;
    expect(found.topK).toEqual(expected);
  });

  it('has the same log loss and calibration', () => {
    expect(found.negativeLogLikelihood).toBeCloseTo(oracle.logLoss, 12);
    expect(found.calibration.map(({ count }) => count)).toEqual(oracle.calibrationCounts);
    // Confidences are stored as float32.
    expect(found.calibrationError).toBeCloseTo(oracle.calibrationError, 6);
  });
});

describe.each(stored.regressions)('a regression of $name', (oracle) => {
  const actual = Float32Array.from(oracle.actual);
  const predicted = Float32Array.from(oracle.predicted);

  it('has the same errors as in scikit-learn', () => {
    const found = scoreRegression(actual, predicted);
    expect(found.rootMeanSquaredError / oracle.rootMeanSquaredError).toBeCloseTo(1, 12);
    expect(found.meanAbsoluteError / oracle.meanAbsoluteError).toBeCloseTo(1, 12);
    expect(found.r2).toBeCloseTo(oracle.r2, 12);
  });

  it("has SciPy's density, without its constant", () => {
    const found = gaussianNegativeLogLikelihood(actual, predicted, Float32Array.from(oracle.sigma));
    expect(found).toBeCloseTo(oracle.negativeLogLikelihood, 10);
  });
});
