import { describe, expect, it } from 'vitest';
import { experiment } from '../../../shared/schema/experiment.ts';
import { sampleClassification, sampleRegression } from '../../state/testing/sample-results.ts';
import { sampleExperiment, sampleModel } from '../../state/testing/samples.ts';
import { resultPanelIds, resultPanels } from './which-panels.ts';

const shaped = (inputShape: number[]) => ({ ...sampleModel, inputShape });

describe('the panels of a run', () => {
  it('have a field for one feature or two, and none for images', () => {
    const fields = [[1], [2], [4], [28, 28, 1], [2, 2, 1]].map(
      (shape) => resultPanels({ experiment: sampleExperiment, model: shaped(shape) }).fieldFeatures,
    );
    expect(fields).toEqual([1, 2, null, null, null]);
  });

  it('predict nothing for a lab', () => {
    const lab = { kind: 'chained-products', size: 4, minimum: 0, maximum: 1 };
    const panels = resultPanels({
      experiment: experiment.parse({ ...sampleExperiment, lab }),
      model: shaped([2]),
    });
    expect(panels).toEqual({ predictions: false, fieldFeatures: null, histograms: false });
  });

  it('have no layers to count in a support vector machine, but its boundary', () => {
    const svm = experiment.parse({ ...sampleExperiment, svm: { kernel: 'linear' } });
    expect(resultPanels({ experiment: svm, model: shaped([2]) })).toEqual({
      predictions: true,
      fieldFeatures: 2,
      histograms: false,
    });
  });

  it('follow the kind of result, and wait for it', () => {
    const panels = resultPanels({ experiment: sampleExperiment, model: shaped([2]) });
    expect(resultPanelIds(panels, null)).toEqual(['field']);
    expect(resultPanelIds(panels, sampleClassification(['a', 'b'], 20))).toEqual([
      'field',
      'confusion',
      'per-class',
      'mistakes',
      'calibration',
    ]);
    expect(resultPanelIds({ ...panels, fieldFeatures: null }, sampleRegression(20, true))).toEqual([
      'agreement',
      'residuals',
      'sigma',
    ]);
  });
});
