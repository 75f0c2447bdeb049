import type { RateAt } from '../optimizers/index.ts';
import type { ScheduleScope } from './schedule.ts';

/** Whole epochs done before a step. */
function epochsBefore(step: number, { stepsPerEpoch }: ScheduleScope): number {
  return Math.floor((step - 1) / stepsPerEpoch);
}

/** Times `factor` after every `everyEpochs` epochs: torch's StepLR, and ExponentialLR with 1. */
export function stepDecay(scope: ScheduleScope, factor: number, everyEpochs: number): RateAt {
  return (step) => scope.learningRate * factor ** Math.floor(epochsBefore(step, scope) / everyEpochs);
}
