import type { EpochQuestion } from '../../state/epoch-answers.ts';
import type { Latest } from '../../state/run-results-loader.svelte.ts';
import type { RunResultsState } from '../../state/run-results.svelte.ts';

/** A question that a panel keeps answered for the epoch looked at. */
export interface Watching {
  readonly source: Pick<Latest<unknown>, 'waiting' | 'error' | 'retry'>;
  /** Begins, until the returned function is called. */
  readonly start: (results: RunResultsState) => () => void;
}

/** Makes a question a panel's own; with null as question nothing is asked. */
export function watching<T>(into: Latest<T>, question: EpochQuestion<T> | null): Watching {
  return {
    source: into,
    start: (results) => (question === null ? () => undefined : results.watch(into, question)),
  };
}
