import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf, nameClasses, probabilitiesOf, readEvidence } from './class-evidence.ts';
import { measureClassification } from './classification.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, label) => `class ${label}`);

/** Outputs of 2 to 6 classes for up to 60 examples, with labels. */
const predictions = fc
  .record({ classes: fc.integer({ min: 2, max: 6 }), examples: fc.integer({ min: 1, max: 60 }) })
  .chain(({ classes, examples }) =>
    fc.record({
      classes: fc.constant(classes),
      outputs: fc
        .array(fc.float({ min: -80, max: 80, noNaN: true }), {
          minLength: classes * examples,
          maxLength: classes * examples,
        })
        .map((values) => Float32Array.from(values)),
      actual: fc
        .array(fc.integer({ min: 0, max: classes - 1 }), { minLength: examples, maxLength: examples })
        .map((labels) => Int32Array.from(labels)),
    }),
  );

function measure(outputs: Float32Array, actual: Int32Array<ArrayBuffer>, classes: number) {
  const evidence = readEvidence(outputs, actual.length, classes, 'logits');
  return measureClassification(evidence, { rows: Int32Array.from(actual.keys()), actual }, names(classes));
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe('a measured classification', () => {
  it('counts every example once', () => {
    fc.assert(
      fc.property(predictions, ({ outputs, actual, classes }) => {
        const found = measure(outputs, actual, classes);
        expect(sum(found.confusion)).toBe(actual.length);
        expect(sum(found.perClass.map(({ support }) => support))).toBe(actual.length);
        expect(sum(found.calibration.map(({ count }) => count))).toBe(actual.length);
      }),
    );
  });

  it('has an accuracy that is the mean recall weighted by support, and the top 1', () => {
    fc.assert(
      fc.property(predictions, ({ outputs, actual, classes }) => {
        const found = measure(outputs, actual, classes);
        const right = sum(found.perClass.map(({ recall, support }) => (recall ?? 0) * support));
        expect(found.accuracy).toBeCloseTo(right / actual.length, 9);
        expect(found.topK[0]).toEqual({ k: 1, accuracy: found.accuracy });
      }),
    );
  });

  it("has each example's loss, whose mean is the whole's; none where there are no probabilities", () => {
    const outputs = Float32Array.from([2, 0, -1, 0, 50, 0]);
    const found = measure(outputs, Int32Array.from([0, 2]), 3);
    const first = Math.log(Math.exp(2) + 1 + Math.exp(-1)) - 2;
    expect(found.exampleLoss![0]).toBeCloseTo(first, 6);
    expect(found.exampleLoss![1]).toBeCloseTo(50, 5);
    expect(found.negativeLogLikelihood).toBeCloseTo((first + 50) / 2, 6);
    const scores = readEvidence(outputs, 2, 3, 'scores');
    const labels = { rows: Int32Array.of(0, 1), actual: Int32Array.of(0, 2) };
    expect(measureClassification(scores, labels, names(3)).exampleLoss).toBeNull();
  });

  it('is right at least as often among more classes, and never surer of a class than of the named one', () => {
    fc.assert(
      fc.property(predictions, ({ outputs, actual, classes }) => {
        const found = measure(outputs, actual, classes);
        const accuracies = found.topK.map(({ accuracy }) => accuracy);
        expect(accuracies).toEqual(accuracies.toSorted((a, b) => a - b));
        for (const confidence of found.confidence) {
          expect(confidence).toBeGreaterThan(1 / classes - 1e-6);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('keeps the log loss of a sure model finite, right or wrong', () => {
    const found = measure(Float32Array.of(300, -300, 300, -300), Int32Array.of(0, 1), 2);
    expect(found.negativeLogLikelihood).toBeCloseTo(300, 9);
  });

  it('has no recall for a class without examples and no precision for one never named', () => {
    const found = measure(Float32Array.of(1, 0, 0, 1, 0, 0), Int32Array.of(0, 1), 3);
    expect(found.perClass).toEqual([
      { name: 'class 0', support: 1, recall: 1, precision: 0.5, f1: 2 / 3 },
      { name: 'class 1', support: 1, recall: 0, precision: null, f1: 0 },
      { name: 'class 2', support: 0, recall: null, precision: null, f1: null },
    ]);
    expect(found.macroF1).toBeCloseTo(1 / 3, 12);
  });

  it('gives neither likelihood nor calibration to plain scores', () => {
    const evidence = readEvidence(Float32Array.of(0.9, 0.2, 1.4, -0.3), 2, 2, 'scores');
    const labels = { rows: Int32Array.of(0, 1), actual: Int32Array.of(0, 1) };
    const found = measureClassification(evidence, labels, names(2));
    expect(found).toMatchObject({
      accuracy: 0.5,
      negativeLogLikelihood: null,
      calibrationError: null,
      calibration: [],
    });
    expect(found.confidence[0]).toBeCloseTo(0.9, 6);
    expect(found.confidence[1]).toBe(1);
  });
});

describe('the one output of two classes', () => {
  it('is a logit of the second class', () => {
    const evidence = readEvidence(Float32Array.of(0, 2, -40), 3, 2, 'logits');
    const named = nameClasses(evidence);
    expect(Array.from(named)).toEqual([0, 1, 0]);
    const sigmoid = 1 / (1 + Math.exp(-2));
    expect(confidenceOf(evidence, named)[1]).toBeCloseTo(sigmoid, 6);
    expect(probabilitiesOf(evidence)[2]).toBeCloseTo(1 - sigmoid, 6);
    // The rare class keeps its digits.
    expect(evidence.values[5]).toBeCloseTo(-40, 12);
  });

  it('is a probability or a score of the second class', () => {
    for (const meaning of ['probabilities', 'scores'] as const) {
      const evidence = readEvidence(Float32Array.of(0.25, 0.75, 0.5), 3, 2, meaning);
      expect(Array.from(nameClasses(evidence))).toEqual([0, 1, 0]);
      expect(Array.from(probabilitiesOf(evidence))).toEqual([0.75, 0.25, 0.25, 0.75, 0.5, 0.5]);
    }
  });
});
