import type { FoldResult, TrialState } from '../../shared/schema/study.ts';
import { meanOf, sampleDeviation } from '../metrics/spread.ts';

/** What a trial comes to by the nets of it that have ended. */
export interface TrialJudgement {
  readonly state: TrialState;
  readonly values: (number | null)[];
  readonly standardError: number | null;
}

/**
 * A trial is finished when all of its nets are, with the means of their numbers; pruned or failed as soon as one net is,
 * without any. A mean over a number that is not finite is none.
 * @param planned nets of a trial
 */
export function judgeTrial(folds: readonly FoldResult[], planned: number): TrialJudgement {
  const none = { values: [], standardError: null };
  if (folds.some(({ state }) => state === 'failed')) return { ...none, state: 'failed' };
  if (folds.some(({ state }) => state === 'pruned')) return { ...none, state: 'pruned' };
  if (folds.length < planned) return { ...none, state: 'running' };
  const count = folds[0]?.values.length ?? 0;
  const columns = Array.from({ length: count }, (_, at) => folds.map(({ values }) => values[at] ?? null));
  const values = columns.map((column) => {
    const finite = column.filter((value) => value !== null);
    return finite.length === column.length ? meanOf(finite) : null;
  });
  const first = (columns[0] ?? []).filter((value) => value !== null);
  const deviation = sampleDeviation(first);
  const isWhole = values[0] !== null && values[0] !== undefined;
  return {
    state: 'finished',
    values,
    standardError: deviation === null || !isWhole ? null : deviation / Math.sqrt(first.length),
  };
}

/** Is a value better than the best so far? */
export function isBetterValue(value: number, best: number | null, minimise: boolean): boolean {
  return best === null || (minimise ? value < best : value > best);
}
