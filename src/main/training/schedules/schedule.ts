import type { PlateauState } from './plateau.ts';

/** What a schedule must know of its run. */
export interface ScheduleScope {
  /** The optimizer's own learning rate. */
  readonly learningRate: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** How the learning rate changes over a run. */
export interface Schedule {
  /**
   * Rate of a step counted from 1: pure, so that a resumed run goes on with the same numbers.
   * @param plateau what has been seen of the watched number; null for all but reduce-on-plateau
   */
  rateAt(step: number, plateau: PlateauState | null): number;
}
