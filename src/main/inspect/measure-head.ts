import { StudioError } from '../../shared/ipc/errors.ts';
import type { HeadResult, RegressionResult } from '../../shared/schema/results.ts';
import { readEvidence } from '../metrics/class-evidence.ts';
import { measureClassification } from '../metrics/classification.ts';
import { gaussianNegativeLogLikelihood, scoreRegression } from '../metrics/regression.ts';
import type { InspectedHead } from './inspected-head.ts';
import type { InspectedRun } from './inspected-run.ts';
import { readRegression } from './read-regression.ts';
import type { SplitRows } from './split-rows.ts';

/** @throws StudioError `not-a-number` */
export function requireFinite(predictions: Iterable<number>, { name }: InspectedHead): void {
  for (const prediction of predictions) {
    if (Number.isFinite(prediction)) continue;
    throw new StudioError(
      'not-a-number',
      `results: head ${name} predicts ${prediction}, where finite numbers are expected; look at an earlier epoch, or ` +
        'train again with a smaller learning rate',
      { head: name },
    );
  }
}

function measureNumbers(
  { preprocessing }: InspectedRun,
  head: InspectedHead,
  { targets, rows }: SplitRows,
  outputs: Float32Array,
): RegressionResult {
  const { predicted, sigma } = readRegression(preprocessing, head, outputs);
  requireFinite(predicted, head);
  requireFinite(sigma ?? [], head);
  const actual = Float32Array.from(rows, (row) => targets[head.targetIndex]![row]!);
  return {
    kind: 'regression',
    unit: head.target.unit,
    rows: Int32Array.from(rows),
    actual,
    predicted,
    sigma,
    ...scoreRegression(actual, predicted),
    negativeLogLikelihood: sigma && gaussianNegativeLogLikelihood(actual, predicted, sigma),
  };
}

/**
 * What a head's outputs come to.
 * @param outputs [examples, outputs] flat, in the order of the split's rows
 * @throws StudioError `not-a-number` where one is not finite
 */
export function measureHead(
  run: InspectedRun,
  head: InspectedHead,
  examples: SplitRows,
  outputs: Float32Array,
): HeadResult {
  const { name, target, meaning } = head;
  requireFinite(outputs, head);
  if (target.kind === 'number') return { name, result: measureNumbers(run, head, examples, outputs) };
  const { rows, targets } = examples;
  const labels = {
    rows: Int32Array.from(rows),
    actual: Int32Array.from(rows, (row) => targets[head.targetIndex]![row]!),
  };
  const evidence = readEvidence(outputs, rows.length, target.classes.length, meaning);
  return { name, result: measureClassification(evidence, labels, target.classes) };
}
