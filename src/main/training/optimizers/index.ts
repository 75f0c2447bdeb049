import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import { createAdam } from './adam.ts';
import { createAdamW } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { createRmsprop } from './rmsprop.ts';
import { createSgd } from './sgd.ts';

export type { Optimizer } from './optimizer.ts';

/** The optimizer a specification names, each with PyTorch's definition. */
export function createOptimizer(spec: OptimizerSpec): Optimizer {
  switch (spec.kind) {
    case 'sgd':
      return createSgd(spec);
    case 'adam':
      return createAdam(spec);
    case 'adamw':
      return createAdamW(spec);
    case 'rmsprop':
      return createRmsprop(spec);
    default:
      return spec satisfies never;
  }
}
