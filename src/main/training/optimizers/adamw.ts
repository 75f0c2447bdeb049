import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import { createAdamRule } from './adam.ts';
import type { Optimizer, RateAt } from './optimizer.ts';

/**
 * torch.optim.AdamW (Loshchilov and Hutter 2019): w -= lr weightDecay w before Adam's step, so that the decay is not
 * scaled by the gradient's history.
 */
export function createAdamW(spec: Extract<OptimizerSpec, { kind: 'adamw' }>, rateAt: RateAt): Optimizer {
  return createAdamRule(spec, { l2: 0, decoupledDecay: spec.weightDecay }, rateAt);
}
