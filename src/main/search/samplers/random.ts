import { openStream } from '../../../shared/random/stream.ts';
import type { SearchParameter } from '../../../shared/schema/search.ts';
import type { Sampler } from '../sampler.ts';
import { drawPoint } from '../space.ts';

/** Independent points, each evenly over the space (Bergstra and Bengio 2012). */
export function createRandomSampler(
  parameters: readonly SearchParameter[],
  trials: number,
  seed: number,
): Sampler {
  return {
    trialCount: trials,
    learns: false,
    draw: (number) => drawPoint(parameters, openStream(seed, 'search', `random ${number}`)),
  };
}
