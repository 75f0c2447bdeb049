import { describe, expect, it } from 'vitest';
import type { HeadResult } from '../../../shared/schema/results.ts';
import {
  classificationOf,
  sampleClassification,
  sampleRegression,
} from '../../state/testing/sample-results.ts';
import { resultNumbers } from './result-numbers.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const texts = (result: HeadResult['result']) =>
  Object.fromEntries(
    resultNumbers({ name: 'target', result }).map(({ label, text }) => [label, plain(text)]),
  );

describe('the numbers of a result', () => {
  it('leave out the top k that every guess is in', () => {
    const many = sampleClassification(
      Array.from({ length: 10 }, (_, label) => `class ${label}`),
      100,
    );
    expect(texts(many)).toHaveProperty('Top-5 accuracy');
    expect(texts(sampleClassification(['a', 'b'], 20))).not.toHaveProperty('Top-5 accuracy');
  });

  it('say what a model without probabilities does not give', () => {
    const result = classificationOf(['a', 'b'], [0, 1], [0, 1], [1, 1]);
    const shown = texts({ ...result, negativeLogLikelihood: null, calibrationError: null });
    expect(shown).toMatchObject({
      Accuracy: '100.00 %',
      NLL: 'not measured',
      'Calibration error': 'not measured',
    });
  });

  it("give a regression's errors in the target's unit, and its sigma where it has one", () => {
    expect(texts(sampleRegression(260, false))).toEqual({
      RMSE: '29,812 USD',
      MAE: '19,205 USD',
      'R²': '0.8612',
      Examples: '260',
    });
    expect(texts(sampleRegression(260, true))).toHaveProperty('Within 1 sigma');
  });
});
