import { StudioError } from '../../../shared/ipc/errors.ts';
import { openStream } from '../../../shared/random/stream.ts';
import type { SearchParameter } from '../../../shared/schema/search.ts';
import type { SearchPoint } from '../../../shared/schema/study.ts';
import type { Sampler } from '../sampler.ts';
import { isActive, valuesOf } from '../space.ts';

/** Points of a grid that are held at once. */
const MOST_POINTS = 10_000_000;

type Values = readonly SearchPoint[string][];

function requireValues(parameter: SearchParameter): Values {
  const values = valuesOf(parameter);
  if (values !== null) return values;
  throw new StudioError(
    'invalid-input',
    `search, ${parameter.name}: is continuous and has no grid; make it a choice of values, or take another sampler`,
    { path: 'search.parameters', parameter: parameter.name },
  );
}

/** Every point in the order of the parameters, the last one running fastest. */
export function* gridPoints(parameters: readonly SearchParameter[]): Generator<SearchPoint> {
  yield* below(parameters, parameters.map(requireValues), 0, {});
}

function* below(
  parameters: readonly SearchParameter[],
  values: readonly Values[],
  at: number,
  point: SearchPoint,
): Generator<SearchPoint> {
  const parameter = parameters[at];
  if (parameter === undefined) {
    yield point;
    return;
  }
  if (!isActive(parameter, point)) {
    yield* below(parameters, values, at + 1, point);
    return;
  }
  for (const value of values[at] ?? []) {
    yield* below(parameters, values, at + 1, { ...point, [parameter.name]: value });
  }
}

function listPoints(parameters: readonly SearchParameter[]): SearchPoint[] {
  const points: SearchPoint[] = [];
  for (const point of gridPoints(parameters)) {
    points.push(point);
    if (points.length > MOST_POINTS) {
      throw new StudioError(
        'invalid-input',
        `search: the grid has more than ${MOST_POINTS} points; take fewer values, or a random sampler`,
        { path: 'search.parameters' },
      );
    }
  }
  return points;
}

/** 0.29 of 100 is 29, whatever the product of the two says. */
const ROUNDING = 1e-9;

function shareOf(count: number, fraction: number): number {
  return Math.max(1, Math.floor(fraction * count + ROUNDING));
}

/**
 * Every point of a grid, or so many drawn without replacement, in an order of the seed's (as Talos takes its
 * `fraction_limit`). A share is rounded down as there, to at least one.
 * @throws StudioError `invalid-input` for a continuous parameter or a grid too large
 */
export function createGridSampler(
  parameters: readonly SearchParameter[],
  { fraction, count }: { readonly fraction: number; readonly count: number | null },
  seed: number,
): Sampler {
  const points = listPoints(parameters);
  const wanted = count ?? shareOf(points.length, fraction);
  const trialCount = Math.min(points.length, wanted);
  const order = Int32Array.from(points.keys());
  if (trialCount < points.length) openStream(seed, 'search', 'grid').shuffle(order);
  return {
    trialCount,
    learns: false,
    draw: (number) => points[order[number % points.length] ?? 0] ?? {},
  };
}
