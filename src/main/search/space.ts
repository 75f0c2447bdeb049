import type { RandomStream } from '../../shared/random/stream.ts';
import type { SearchParameter } from '../../shared/schema/search.ts';
import type { SearchPoint } from '../../shared/schema/study.ts';

type Value = SearchPoint[string];

/** Does a parameter count where those before it have these values? */
export function isActive({ when }: SearchParameter, point: SearchPoint): boolean {
  if (when === undefined) return true;
  const held = JSON.stringify(point[when.parameter]);
  return when.values.some((value) => JSON.stringify(value) === held);
}

/**
 * The value at a share of a parameter's range, in [0, 1): evenly over the numbers, over their logarithms, or over the
 * choices.
 */
export function valueAt(parameter: SearchParameter, share: number): Value {
  switch (parameter.kind) {
    case 'uniform':
      return parameter.minimum + share * (parameter.maximum - parameter.minimum);
    case 'log-uniform': {
      const [low, high] = [Math.log(parameter.minimum), Math.log(parameter.maximum)];
      // Rounding must not lead out of the range.
      const value = Math.exp(low + share * (high - low));
      return Math.min(parameter.maximum, Math.max(parameter.minimum, value));
    }
    case 'integer':
      return parameter.minimum + Math.floor(share * (parameter.maximum - parameter.minimum + 1));
    case 'choice':
      return parameter.values[Math.floor(share * parameter.values.length)] ?? null;
    default:
      return parameter satisfies never;
  }
}

/** A point from one share for each parameter, in their order; those that do not count there are left out. */
export function pointAt(parameters: readonly SearchParameter[], shares: ArrayLike<number>): SearchPoint {
  const point: Record<string, Value> = {};
  parameters.forEach((parameter, at) => {
    if (isActive(parameter, point)) point[parameter.name] = valueAt(parameter, shares[at] ?? 0);
  });
  return point;
}

/** A point drawn evenly; takes one number of the stream for each parameter, also for those that do not count. */
export function drawPoint(parameters: readonly SearchParameter[], stream: RandomStream): SearchPoint {
  return pointAt(
    parameters,
    parameters.map(() => stream.nextUniform()),
  );
}

/** Every value of a parameter; null for a continuous one. */
export function valuesOf(parameter: SearchParameter): readonly Value[] | null {
  if (parameter.kind === 'choice') return parameter.values;
  if (parameter.kind !== 'integer') return null;
  const { minimum, maximum } = parameter;
  return Array.from({ length: Math.max(0, maximum - minimum + 1) }, (_, i) => minimum + i);
}

/** How many points a space has, those that differ only in what does not count taken as one; null where continuous. */
export function countPoints(parameters: readonly SearchParameter[]): number | null {
  const values = parameters.map(valuesOf);
  if (values.some((one) => one === null)) return null;
  if (parameters.every(({ when }) => when === undefined)) {
    return values.reduce((product, one) => product * (one?.length ?? 1), 1);
  }
  return countBelow(parameters, values as readonly (readonly Value[])[], 0, {});
}

function countBelow(
  parameters: readonly SearchParameter[],
  values: readonly (readonly Value[])[],
  at: number,
  point: SearchPoint,
): number {
  const parameter = parameters[at];
  if (parameter === undefined) return 1;
  if (!isActive(parameter, point)) return countBelow(parameters, values, at + 1, point);
  return (values[at] ?? []).reduce<number>(
    (sum, value) => sum + countBelow(parameters, values, at + 1, { ...point, [parameter.name]: value }),
    0,
  );
}
