import type { SearchPoint } from '../../shared/schema/study.ts';

/** What a sampler knows of a trial that was drawn before. */
export interface KnownTrial {
  readonly number: number;
  readonly point: SearchPoint;
  /** The objective, to be minimised (a maximised one comes negated); null while it runs, and where it failed. */
  readonly value: number | null;
  readonly state: 'running' | 'finished' | 'pruned' | 'failed';
  /** For pruned trials: the last epoch measured and its value. */
  readonly lastEpoch: number | null;
}

/**
 * Draws the points of a study. A sampler keeps no state of its own: the same seed, number and history give the same
 * point, so that a study can go on after a crash and be replayed.
 */
export interface Sampler {
  /** Trials it has; null where it goes on for ever. */
  readonly trialCount: number | null;
  /** Does a point depend on what other trials came to? Others can be drawn ahead, all at once. */
  readonly learns: boolean;
  /**
   * The point of the trial of that number.
   * @param history trials with smaller numbers, in order
   */
  draw(number: number, history: readonly KnownTrial[]): SearchPoint;
}
