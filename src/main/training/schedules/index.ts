import type { TrainingSpec } from '../../../shared/schema/training.ts';
import { cosine } from './cosine.ts';
import { stepDecay } from './decay.ts';
import { oneCycle } from './one-cycle.ts';
import type { Schedule, ScheduleScope } from './schedule.ts';

export { beginPlateau, observePlateau, plateauState, type PlateauState } from './plateau.ts';
export type { Schedule } from './schedule.ts';

/** What decides a run's learning rates. */
export type ScheduledTraining = Pick<TrainingSpec, 'schedule' | 'warmUpEpochs' | 'epochs'> & {
  readonly optimizer: Pick<TrainingSpec['optimizer'], 'learningRate'>;
};

function createFormula(spec: TrainingSpec['schedule'], scope: ScheduleScope): Schedule['rateAt'] {
  switch (spec.kind) {
    case 'constant':
      return () => scope.learningRate;
    case 'step':
      return stepDecay(scope, spec.factor, spec.everyEpochs);
    case 'exponential':
      return stepDecay(scope, spec.factor, 1);
    case 'cosine':
      return cosine(scope, spec.minimumShare);
    case 'one-cycle':
      return oneCycle(scope, spec);
    case 'reduce-on-plateau':
      return (_step, plateau) => plateau?.learningRate ?? scope.learningRate;
    default:
      return spec satisfies never;
  }
}

/**
 * The schedule of a run. While it warms up, the schedule's value is multiplied by the share of the warm-up's steps that
 * are taken, this one among them, so that the rate grows from near 0 and meets the schedule without a jump (Goyal et al.
 * 2017; torch's LinearLR chained with the schedule).
 */
export function createSchedule(training: ScheduledTraining, stepsPerEpoch: number): Schedule {
  const { epochs, optimizer, warmUpEpochs } = training;
  const rateAt = createFormula(training.schedule, {
    learningRate: optimizer.learningRate,
    stepsPerEpoch,
    epochs,
  });
  const warmUpSteps = warmUpEpochs * stepsPerEpoch;
  return {
    rateAt: (step, plateau) => rateAt(step, plateau) * (step < warmUpSteps ? step / warmUpSteps : 1),
  };
}
