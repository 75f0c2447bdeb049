import type { HeadResult } from '../../../shared/schema/results.ts';
import type { RunDetail } from '../../../shared/schema/run.ts';

/** Which panels a run can have, known before any result is there. */
export interface ResultPanels {
  /** Predictions and what they come to. */
  readonly predictions: boolean;
  /** A fitted curve (1) or a decision boundary (2); null for more features. */
  readonly fieldFeatures: 1 | 2 | null;
  readonly histograms: boolean;
}

/** A lab predicts nothing; a support vector machine has no layers; a field needs one feature or two. */
export function resultPanels({ experiment, model }: Pick<RunDetail, 'experiment' | 'model'>): ResultPanels {
  const predictions = experiment.lab === null;
  const [features] = model.inputShape;
  const isField = model.inputShape.length === 1 && (features === 1 || features === 2);
  return {
    predictions,
    fieldFeatures: predictions && isField ? features : null,
    histograms: predictions && experiment.svm === null,
  };
}

/**
 * Ids of the panels that show what a head's result is, in their natural order.
 * @param result of the head looked at; null while nothing is known
 */
export function resultPanelIds(panels: ResultPanels, result: HeadResult['result'] | null): string[] {
  const { fieldFeatures: features } = panels;
  const isRegression = result?.kind === 'regression';
  const field = features === 2 || (features === 1 && isRegression) ? ['field'] : [];
  if (result === null) return field;
  if (result.kind === 'classification') {
    const calibrated = result.calibration.some((bin) => bin.count > 0);
    return [...field, 'confusion', 'per-class', 'mistakes', ...(calibrated ? ['calibration'] : [])];
  }
  return [...field, 'agreement', 'residuals', ...(result.sigma === null ? [] : ['sigma'])];
}
