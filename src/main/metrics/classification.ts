import type { ClassificationResult } from '../../shared/schema/results.ts';
import { binByConfidence, expectedCalibrationError } from './calibration.ts';
import { confidenceOf, nameClasses, type ClassEvidence } from './class-evidence.ts';
import { countConfusion, macroF1, scoreClasses } from './confusion.ts';
import { topKAccuracies } from './top-k.ts';

/** A split's examples and what is known of them; arrays are shared with the result. */
export interface LabelledRows {
  readonly rows: Int32Array<ArrayBuffer>;
  /** Labels, of the same examples. */
  readonly actual: Int32Array<ArrayBuffer>;
}

/** -log probability of the right class, by example. */
function surpriseOf({ classCount, values }: ClassEvidence, actual: Int32Array): Float64Array {
  return Float64Array.from(actual, (label, i) => -values[i * classCount + label]!);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The numbers that need probabilities; null and none for a model that gives scores. */
function scoreProbabilities(
  evidence: ClassEvidence,
  actual: Int32Array,
  predicted: Int32Array,
  confidence: Float32Array,
): Pick<ClassificationResult, 'exampleLoss' | 'negativeLogLikelihood' | 'calibrationError' | 'calibration'> {
  if (!evidence.areProbabilities) {
    return { exampleLoss: null, negativeLogLikelihood: null, calibrationError: null, calibration: [] };
  }
  const calibration = binByConfidence(confidence, actual, predicted);
  const surprise = surpriseOf(evidence, actual);
  return {
    exampleLoss: Float32Array.from(surprise),
    negativeLogLikelihood: meanOf(surprise),
    calibrationError: expectedCalibrationError(calibration),
    calibration,
  };
}

/**
 * Everything that follows from a classifier's evidence on a split.
 * @param classes names in label order, as many as `evidence` has
 */
export function measureClassification(
  evidence: ClassEvidence,
  { rows, actual }: LabelledRows,
  classes: readonly string[],
): ClassificationResult {
  const predicted = nameClasses(evidence);
  const confidence = confidenceOf(evidence, predicted);
  const confusion = countConfusion(actual, predicted, classes.length);
  const perClass = scoreClasses(confusion, classes);
  const right = actual.reduce((count, label, i) => count + (label === predicted[i] ? 1 : 0), 0);
  return {
    kind: 'classification',
    classes: [...classes],
    rows,
    actual,
    predicted,
    confidence,
    confusion,
    perClass,
    accuracy: right / actual.length,
    macroF1: macroF1(perClass),
    topK: topKAccuracies(evidence, actual),
    ...scoreProbabilities(evidence, actual, predicted, confidence),
  };
}
