import type { Tensor } from '@tensorflow/tfjs-core';
import type { InspectedRun } from './inspected-run.ts';

/** A run's model after some epoch, ready to be asked. */
export interface Predictor {
  readonly run: InspectedRun;
  /** What every head gives for fed examples [batch, ...example] (borrowed): [batch, outputs] flat. */
  predict(examples: Tensor): Promise<Float32Array[]>;
  dispose(): void;
}
