import type { SearchSpec } from '../../../shared/schema/search.ts';
import type { Sampler } from '../sampler.ts';
import { createGridSampler } from './grid.ts';
import { createRandomSampler } from './random.ts';
import { createSobolSampler } from './sobol.ts';
import { createTpeSampler } from './tpe.ts';

/**
 * The sampler a search asks for.
 * @throws StudioError `invalid-input` where the space does not suit it
 */
export function createSampler({ parameters, sampler }: SearchSpec, seed: number): Sampler {
  switch (sampler.kind) {
    case 'random':
      return createRandomSampler(parameters, sampler.trials, seed);
    case 'grid':
      return createGridSampler(parameters, sampler, seed);
    case 'sobol':
      return createSobolSampler(parameters, sampler.trials, seed);
    case 'tpe':
      return createTpeSampler(parameters, sampler, seed);
    default:
      return sampler satisfies never;
  }
}
