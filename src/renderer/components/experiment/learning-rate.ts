import type { TrainingSpec } from '../../../shared/schema/training.ts';

type Plan = Pick<TrainingSpec, 'schedule' | 'warmUpEpochs' | 'epochs' | 'optimizer'>;

function alongCosine(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
}

/** The schedule's rate after a share of the run, as a multiple of the learning rate. */
function multiple({ schedule, epochs }: Plan, share: number): number {
  // The end of the last epoch still belongs to it.
  const epoch = Math.min(epochs - 1, Math.floor(share * epochs + 1e-9));
  switch (schedule.kind) {
    case 'constant':
    case 'reduce-on-plateau':
      return 1;
    case 'step':
      return schedule.factor ** Math.floor(epoch / schedule.everyEpochs);
    case 'exponential':
      return schedule.factor ** epoch;
    case 'cosine':
      return alongCosine(1, schedule.minimumShare, share);
    case 'one-cycle': {
      const start = 1 / schedule.startDivisor;
      const { warmUpShare } = schedule;
      if (share < warmUpShare) return alongCosine(start, 1, share / warmUpShare);
      return alongCosine(1, start / schedule.endDivisor, (share - warmUpShare) / (1 - warmUpShare));
    }
  }
}

/**
 * The learning rate over a run at equal steps from beginning to end, to be drawn. What a plateau will do is not known
 * before; it counts as constant.
 */
export function learningRates(plan: Plan, points = 120): number[] {
  return Array.from({ length: points }, (_, index) => {
    const share = index / (points - 1);
    const warmUp = plan.warmUpEpochs > 0 ? Math.min(1, (share * plan.epochs) / plan.warmUpEpochs) : 1;
    return plan.optimizer.learningRate * multiple(plan, share) * warmUp;
  });
}
