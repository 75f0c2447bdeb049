import { streamKey } from '../../../shared/random/stream.ts';
import type { SearchParameter } from '../../../shared/schema/search.ts';
import type { Sampler } from '../sampler.ts';
import { pointAt } from '../space.ts';
import { scramble, sobolWord, toShare } from './sobol-sequence.ts';

/** Points spread evenly over the space by a scrambled Sobol sequence, each parameter a dimension. */
export function createSobolSampler(
  parameters: readonly SearchParameter[],
  trials: number,
  seed: number,
): Sampler {
  const keys = parameters.map((_, dimension) => streamKey(seed, 'search', `sobol ${dimension}`)[0]);
  return {
    trialCount: trials,
    learns: false,
    draw: (number) =>
      pointAt(
        parameters,
        keys.map((key, dimension) => toShare(scramble(sobolWord(number, dimension), key))),
      ),
  };
}
