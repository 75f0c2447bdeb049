/** One net's dev objective by epoch, to be minimised. */
export interface LearningCurve {
  /** Ascending. */
  readonly epochs: readonly number[];
  readonly values: readonly number[];
}

/** What a pruner knows of a trial. */
export interface JudgedTrial {
  readonly number: number;
  /** By net, in the order fold, repeat, seed; those that have not begun are absent. */
  readonly curves: ReadonlyMap<string, LearningCurve>;
  /** Final values by net. */
  readonly results: ReadonlyMap<string, number>;
  readonly state: 'running' | 'finished' | 'pruned' | 'failed';
}

/**
 * Decides which trials need not go on. Keeps no state: what it decides follows from what it is shown. What is judged is a
 * trial, not a net: its value is the mean of its nets, as its final one will be, and it is compared with other trials'
 * means over the same nets, so that neither an easy fold nor the turn in which folds are trained counts for anything.
 */
export interface Pruner {
  /** Epochs at which it wants to be asked, up to the trial's own; empty for never. */
  rungs(epochs: number): readonly number[];
  /** Should the trial end after this epoch of its nets, or, for a pruner without rungs, after its nets so far? */
  shouldPrune(trial: JudgedTrial, epoch: number, others: readonly JudgedTrial[]): boolean;
}
