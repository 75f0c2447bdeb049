import type { UpdateRule } from '../../engine/engine.ts';

/** Learning rate of a step, steps counted from 1 from the start of the run. */
export type RateAt = (step: number) => number;

/** An optimizer ready to be put into a training step: its rule, and the scalars that the rule reads. */
export interface Optimizer {
  readonly rule: UpdateRule;
  /**
   * Scalars by name as functions of the step, counted from 1 (PyTorch's t). Computed in float64; the program takes
   * them as float32.
   */
  readonly scalars: Readonly<Record<string, (step: number) => number>>;
}
