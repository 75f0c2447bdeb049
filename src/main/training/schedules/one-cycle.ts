import type { ScheduleSpec } from '../../../shared/schema/schedule.ts';
import { alongCosine } from './cosine.ts';
import type { RateAt } from '../optimizers/index.ts';
import type { ScheduleScope } from './schedule.ts';

type OneCycleSpec = Extract<ScheduleSpec, { kind: 'one-cycle' }>;

/** Share of the way from one position to another; all of it where they are the same. */
function shareOfWay(position: number, from: number, to: number): number {
  return to === from ? 1 : (position - from) / (to - from);
}

/**
 * Up to the learning rate along half a cosine, and down below where it began along another (Smith and Topin 2018; torch's
 * OneCycleLR with cosine annealing and cycle_momentum=False).
 */
export function oneCycle(scope: ScheduleScope, spec: OneCycleSpec): RateAt {
  const steps = scope.stepsPerEpoch * scope.epochs;
  const peakAt = spec.warmUpShare * steps - 1;
  const peak = scope.learningRate;
  const start = peak / spec.startDivisor;
  return (step) => {
    const position = step - 1;
    if (position <= peakAt) return alongCosine(start, peak, shareOfWay(position, 0, peakAt));
    return alongCosine(peak, start / spec.endDivisor, shareOfWay(position, peakAt, steps - 1));
  };
}
