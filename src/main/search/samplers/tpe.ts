import { openStream, type RandomStream } from '../../../shared/random/stream.ts';
import type { SamplerSpec, SearchParameter } from '../../../shared/schema/search.ts';
import type { SearchPoint } from '../../../shared/schema/study.ts';
import type { KnownTrial, Sampler } from '../sampler.ts';
import { drawPoint, isActive } from '../space.ts';
import { axisOf, decode, encode } from './kernels.ts';
import { createSobolSampler } from './sobol.ts';
import { ParzenEstimator } from './parzen.ts';

type TpeSpec = Extract<SamplerSpec, { kind: 'tpe' }>;

/** Most trials that count as good. */
const MOST_GOOD = 25;

/** A tenth of the trials counts as good, 25 at most. */
function goodCount(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), MOST_GOOD);
}

/** Trials that came to something, the good ones apart; both in the order of their numbers. */
export function splitTrials(history: readonly KnownTrial[]): { good: KnownTrial[]; others: KnownTrial[] } {
  const finished = history.filter(({ state, value }) => state === 'finished' && value !== null);
  const pruned = history.filter(({ state }) => state === 'pruned');
  const byValue = (a: KnownTrial, b: KnownTrial): number => (a.value ?? Infinity) - (b.value ?? Infinity);
  // Of the pruned ones those that came furthest are the best.
  const byReach = (a: KnownTrial, b: KnownTrial): number =>
    (b.lastEpoch ?? -1) - (a.lastEpoch ?? -1) || byValue(a, b);
  const ranked = [...finished].sort(byValue).concat([...pruned].sort(byReach));
  const count = goodCount(ranked.length);
  const byNumber = (a: KnownTrial, b: KnownTrial): number => a.number - b.number;
  return { good: ranked.slice(0, count).sort(byNumber), others: ranked.slice(count).sort(byNumber) };
}

/** The values of some parameters in trials that have all of them. */
function observe(parameters: readonly SearchParameter[], trials: readonly KnownTrial[]): number[][] {
  return trials.flatMap(({ point }) => {
    const places = parameters.map((parameter) => encode(parameter, point[parameter.name]));
    return places.every((place) => place !== null) ? [places] : [];
  });
}

/** The best of some candidates from the good trials' density, by the ratio to the others'. */
function suggest(
  parameters: readonly SearchParameter[],
  history: readonly KnownTrial[],
  candidates: number,
  stream: RandomStream,
): SearchPoint {
  const axes = parameters.map(axisOf);
  const { good, others } = splitTrials(history);
  const [below, above] = [good, others].map(
    (trials) => new ParzenEstimator(axes, observe(parameters, trials)),
  ) as [ParzenEstimator, ParzenEstimator];
  let best = { places: below.draw(stream), gain: -Infinity };
  best = { ...best, gain: below.logDensity(best.places) - above.logDensity(best.places) };
  for (let candidate = 1; candidate < candidates; candidate++) {
    const places = below.draw(stream);
    const gain = below.logDensity(places) - above.logDensity(places);
    if (gain > best.gain) best = { places, gain };
  }
  return Object.fromEntries(
    parameters.map((parameter, at) => [parameter.name, decode(parameter, best.places[at]!)]),
  );
}

/** Those that have such a parameter. */
function having({ name }: SearchParameter, history: readonly KnownTrial[]): KnownTrial[] {
  return history.filter(({ point }) => point[name] !== undefined);
}

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011) with Optuna's definition, but that its first trials spread
 * evenly (Sobol): then candidates come from a density of the good trials, and the one most likely good is taken. Parameters that count only beneath a choice
 * are drawn after it, each from the trials that had it.
 */
export function createTpeSampler(
  parameters: readonly SearchParameter[],
  spec: Pick<TpeSpec, 'trials' | 'startupTrials' | 'candidates' | 'multivariate'>,
  seed: number,
): Sampler {
  const always = parameters.filter(({ when }) => when === undefined);
  const drawOne = (
    parameter: SearchParameter,
    history: readonly KnownTrial[],
    stream: RandomStream,
  ): SearchPoint => {
    const known = having(parameter, history);
    if (known.length < spec.startupTrials) return drawPoint([{ ...parameter, when: undefined }], stream);
    return suggest([parameter], known, spec.candidates, stream);
  };
  const startup = createSobolSampler(parameters, spec.startupTrials, seed);
  return {
    trialCount: spec.trials,
    learns: true,
    draw(number, history) {
      const stream = openStream(seed, 'search', `tpe ${number}`);
      const told = history.filter(({ state }) => state === 'finished' || state === 'pruned');
      if (told.length < spec.startupTrials) return startup.draw(number, []);
      let point: SearchPoint =
        spec.multivariate && always.length > 0 ? suggest(always, told, spec.candidates, stream) : {};
      for (const parameter of parameters) {
        if (point[parameter.name] !== undefined || !isActive(parameter, point)) continue;
        point = { ...point, ...drawOne(parameter, told, stream) };
      }
      return point;
    },
  };
}
