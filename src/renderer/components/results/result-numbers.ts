import type { ClassificationResult, HeadResult, RegressionResult } from '../../../shared/schema/results.ts';
import { formatAccuracy, formatCount, formatLoss, formatWithUnit } from '../../text/format.ts';
import { coverage } from '../../charts/regression.ts';

/** A number over all examples, with what it means and why it may be missing. */
export interface ResultNumber {
  readonly label: string;
  readonly text: string;
  readonly meaning: string;
}

const NO_PROBABILITIES = 'The model gives no probabilities';

function ofClassification(result: ClassificationResult): ResultNumber[] {
  const topK = result.topK
    .filter(({ k }) => k > 1 && k < result.classes.length)
    .map(({ k, accuracy }) => ({
      label: `Top-${k} accuracy`,
      text: formatAccuracy(accuracy),
      meaning: `The right class is among the ${k} likeliest`,
    }));
  return [
    { label: 'Accuracy', text: formatAccuracy(result.accuracy), meaning: 'Share named right' },
    ...topK,
    {
      label: 'Macro F1',
      text: formatAccuracy(result.macroF1),
      meaning: 'Mean over the classes of F1, the harmonic mean of precision and recall',
    },
    {
      label: 'NLL',
      text: formatLoss(result.negativeLogLikelihood),
      meaning:
        result.negativeLogLikelihood === null
          ? NO_PROBABILITIES
          : 'Mean negative log-likelihood of the right class, in nats',
    },
    {
      label: 'Calibration error',
      text: formatAccuracy(result.calibrationError),
      meaning:
        result.calibrationError === null
          ? NO_PROBABILITIES
          : 'Mean distance of confidence from accuracy over the bins (ECE)',
    },
  ];
}

function ofRegression(result: RegressionResult): ResultNumber[] {
  const { unit } = result;
  const numbers: ResultNumber[] = [
    {
      label: 'RMSE',
      text: formatWithUnit(result.rootMeanSquaredError, unit),
      meaning: 'Root of the mean squared error',
    },
    { label: 'MAE', text: formatWithUnit(result.meanAbsoluteError, unit), meaning: 'Mean absolute error' },
    {
      label: 'R²',
      text: formatLoss(result.r2),
      meaning: result.r2 === null ? 'All targets are equal' : 'Share of the variance that is explained',
    },
  ];
  const within = coverage(result, 1);
  if (within === null) return numbers;
  return [
    ...numbers,
    {
      label: 'NLL',
      text: formatLoss(result.negativeLogLikelihood),
      meaning: 'Mean negative log-likelihood under the predicted normal distributions, in nats',
    },
    {
      label: 'Within 1 sigma',
      text: formatAccuracy(within),
      meaning: 'Share of examples whose error is at most the predicted sigma; 68.27 % if it is right',
    },
  ];
}

/** The numbers of a head over all examples of the split. */
export function resultNumbers({ result }: HeadResult): ResultNumber[] {
  const examples = {
    label: 'Examples',
    text: formatCount(result.rows.length),
    meaning: 'Examples of the split',
  };
  const numbers = result.kind === 'classification' ? ofClassification(result) : ofRegression(result);
  return [...numbers, examples];
}
