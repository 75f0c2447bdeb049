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
