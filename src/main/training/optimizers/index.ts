import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import { createAdam } from './adam.ts';
import { createAdamW } from './adamw.ts';
import type { Optimizer, RateAt } from './optimizer.ts';
import { createRmsprop } from './rmsprop.ts';
import { createSgd } from './sgd.ts';

export type { Optimizer, RateAt } from './optimizer.ts';

/**
 * The optimizer a specification names, each with PyTorch's definition.
 * @param rateAt the learning rate of each step; the specification's own where left out
 */
export function createOptimizer(spec: OptimizerSpec, rateAt: RateAt = () => spec.learningRate): Optimizer {
  switch (spec.kind) {
    case 'sgd':
      return createSgd(spec, rateAt);
    case 'adam':
      return createAdam(spec, rateAt);
    case 'adamw':
      return createAdamW(spec, rateAt);
    case 'rmsprop':
      return createRmsprop(spec, rateAt);
    default:
      return spec satisfies never;
  }
}
