import type { RateAt } from '../optimizers/index.ts';
import type { ScheduleScope } from './schedule.ts';

/** From `start` to `end` along half a cosine, for a share of the way in [0, 1]. */
export function alongCosine(start: number, end: number, share: number): number {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * share));
}

/**
 * Half a cosine over all steps, from the learning rate at the first to `minimumShare` of it at the last (Loshchilov and
 * Hutter 2017, without restarts; torch's CosineAnnealingLR with a step per training step and T_max = steps - 1).
 */
export function cosine({ learningRate, stepsPerEpoch, epochs }: ScheduleScope, minimumShare: number): RateAt {
  const lastPosition = Math.max(1, stepsPerEpoch * epochs - 1);
  return (step) => alongCosine(learningRate, minimumShare * learningRate, (step - 1) / lastPosition);
}
