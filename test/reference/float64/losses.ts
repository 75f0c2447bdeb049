import type { LossKind } from '../../../src/shared/schema/training.ts';
import { softmax } from './activations.ts';
import { side, type Array64 } from './array.ts';

/** What the prediction is compared with: class numbers, or numbers in the prediction's own shape. */
export type Targets = { readonly labels: readonly number[] } | { readonly numbers: readonly number[] };

/** Target number of every output: as given, one-hot by class, or 0 and 1 for a single output. */
function targetNumbers(prediction: Array64, targets: Targets): readonly number[] {
  if ('numbers' in targets) return targets.numbers;
  const outputs = side(prediction, -1);
  if (outputs === 1) return targets.labels;
  return targets.labels.flatMap((label) =>
    Array.from({ length: outputs }, (_, output) => (output === label ? 1 : 0)),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean loss of a batch, each from its definition in doubles. */
export function computeLoss(kind: LossKind, prediction: Array64, targets: Targets): number {
  const wanted = targetNumbers(prediction, targets);
  const given = [...prediction.values];
  switch (kind) {
    case 'sparse-softmax-cross-entropy':
    case 'one-hot-softmax-cross-entropy': {
      const shares = softmax(prediction).values;
      const perOutput = wanted.map((target, i) => -target * Math.log(shares[i]!));
      return perOutput.reduce((sum, value) => sum + value, 0) / side(prediction, 0);
    }
    case 'binary-cross-entropy':
      return meanOf(
        // -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)), written so that no logarithm meets a rounded zero.
        given.map(
          (logit, i) => Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - logit * wanted[i]!,
        ),
      );
    case 'mean-squared-error':
      return meanOf(given.map((value, i) => (value - wanted[i]!) ** 2));
    case 'mean-absolute-error':
      return meanOf(given.map((value, i) => Math.abs(value - wanted[i]!)));
    case 'gaussian-negative-log-likelihood':
      // Two outputs and one target per example: mean, and what softplus turns into the variance.
      return meanOf(
        wanted.map((target, i) => {
          const variance = Math.log(1 + Math.exp(given[2 * i + 1]!)) + 1e-6;
          return (Math.log(variance) + (target - given[2 * i]!) ** 2 / variance) / 2;
        }),
      );
    default:
      return kind satisfies never;
  }
}
