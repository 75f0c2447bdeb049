import type { RunSummary } from '../../../shared/schema/run.ts';
import type { Disagreement, ExampleOrder, Outcome, RunColumns } from '../../state/explore-filter.ts';
import { hasLosses } from '../../state/explore-run.ts';
import { formatAccuracy, formatLoss } from '../../text/format.ts';

interface Option<T> {
  readonly value: T;
  readonly label: string;
}

/** The orders that the runs chosen allow; one only where none is chosen. */
export function orderOptions(first: RunColumns | null, second: RunColumns | null): Option<ExampleOrder>[] {
  const options: Option<ExampleOrder>[] = [{ value: 'stored', label: 'As stored' }];
  if (first === null) return options;
  const isClass = first.kind === 'classification';
  if (hasLosses(first)) {
    options.push({ value: 'loss-falling', label: isClass ? 'Most wrong first' : 'Largest error first' });
    options.push({ value: 'loss-rising', label: isClass ? 'Most right first' : 'Smallest error first' });
  }
  if (isClass) options.push({ value: 'confidence-rising', label: 'Least sure first' });
  else if (second !== null) options.push({ value: 'difference-falling', label: 'Runs furthest apart first' });
  return options;
}

export const OUTCOMES: readonly Option<Outcome>[] = [
  { value: 'all', label: 'All' },
  { value: 'right', label: 'Right' },
  { value: 'wrong', label: 'Wrong' },
];

export const DISAGREEMENTS: readonly Option<Disagreement>[] = [
  { value: 'all', label: 'Agreeing or not' },
  { value: 'differ', label: 'The runs differ' },
  { value: 'only-first', label: 'Only the first is right' },
  { value: 'only-second', label: 'Only the second is right' },
  { value: 'both-wrong', label: 'Both are wrong' },
];

/** A run in a list of runs on one dataset, e.g. "MNIST digits, CNN · seed 1 · 98.90 %". */
export function runOptionText({ name, seed, variant, headline }: RunSummary): string {
  const score =
    headline.testAccuracy !== null
      ? formatAccuracy(headline.testAccuracy)
      : headline.testError !== null
        ? formatLoss(headline.testError)
        : null;
  return [name, variant, `seed ${seed}`, score].filter((part) => part !== null).join(' · ');
}

/** The number typed into a field; null for none, undefined for what is no number. */
export function typedNumber(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
