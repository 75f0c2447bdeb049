import type { TrainingCall } from '../engine/engine.ts';
import type { BestEpoch } from './best-epoch.ts';
import type { TrainingPosition } from './checkpoint.ts';
import { EpochSums } from './epoch-sums.ts';
import type { RunClock } from './run-clock.ts';
import type { PlateauState } from './schedules/index.ts';

/** Where a run stands between two calls; with the tensors this is all a checkpoint holds. */
export class RunCursor {
  /** Whole epochs done. */
  epoch: number;
  /** Examples of the running epoch taken. */
  examplesTaken: number;
  /** Training steps from the start of the run. */
  step: number;
  best: BestEpoch | null;
  /** Kept for reduce-on-plateau; null for other schedules. */
  plateau: PlateauState | null;
  readonly sums: EpochSums;
  readonly #seed: number;

  constructor(seed: number, metricCount: number, resume: TrainingPosition | null) {
    this.#seed = seed;
    this.epoch = resume?.epoch ?? 0;
    this.examplesTaken = resume?.examplesTaken ?? 0;
    this.step = resume?.step ?? 0;
    this.best = resume?.best ?? null;
    this.plateau = resume?.plateau ?? null;
    this.sums = new EpochSums(metricCount, resume?.sums, this.examplesTaken);
  }

  /** Takes in a finished call. @param metrics [steps, metrics] flat */
  advance(call: TrainingCall, metrics: Float32Array): void {
    this.sums.add(metrics, call.batchSize);
    this.examplesTaken += call.indices.length;
    this.step += call.steps;
  }

  /** Ends the running epoch. */
  closeEpoch(): void {
    this.epoch += 1;
    this.examplesTaken = 0;
    this.sums.clear();
  }

  position(clock: RunClock): TrainingPosition {
    return {
      seed: this.#seed,
      epoch: this.epoch,
      examplesTaken: this.examplesTaken,
      step: this.step,
      sums: this.sums.sums,
      best: this.best,
      plateau: this.plateau,
      durationMs: clock.durationMs,
      epochMs: clock.epochMs,
      generator: 'philox4x32-10',
    };
  }
}
