import type { SearchParameter } from '../../../shared/schema/search.ts';
import type { SearchPoint } from '../../../shared/schema/study.ts';

/** A point and what came of it. */
export interface ValuedPoint {
  readonly point: SearchPoint;
  readonly value: number;
}

/** One parameter's value in each of some trials: numbers in [low, high], or the places of choices. */
export type Column =
  | { readonly kind: 'number'; readonly values: Float64Array; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly values: Int32Array; readonly count: number };

/** Values as numbers, or choices as their places; null for one that the parameter does not have (any more). */
function encoderOf(parameter: SearchParameter): (trial: ValuedPoint) => number | null {
  const { name } = parameter;
  if (parameter.kind === 'choice') {
    const places = new Map(parameter.values.map((value, place) => [JSON.stringify(value), place]));
    return ({ point }) => places.get(JSON.stringify(point[name])) ?? null;
  }
  const { minimum, maximum } = parameter;
  return ({ point: { [name]: value } }) =>
    typeof value === 'number' && value >= minimum && value <= maximum ? value : null;
}

/** Those trials that have values of all these parameters. */
export function having(
  parameters: readonly SearchParameter[],
  trials: readonly ValuedPoint[],
): readonly ValuedPoint[] {
  return parameters.reduce((left, parameter) => {
    const encode = encoderOf(parameter);
    return left.filter((trial) => encode(trial) !== null);
  }, trials);
}

/** Can a parameter take more than one value? */
export function varies(parameter: SearchParameter): boolean {
  return parameter.kind === 'choice' ? parameter.values.length > 1 : parameter.minimum < parameter.maximum;
}

/**
 * A parameter's values in some trials; those that do not have it get the middle of its range or its first choice.
 * Log-uniform ones stay numbers, not logarithms, as in Optuna.
 */
export function columnOf(parameter: SearchParameter, trials: readonly ValuedPoint[]): Column {
  const encode = encoderOf(parameter);
  if (parameter.kind === 'choice') {
    const values = Int32Array.from(trials, (trial) => encode(trial) ?? 0);
    return { kind: 'choice', values, count: parameter.values.length };
  }
  const { minimum: low, maximum: high } = parameter;
  const values = Float64Array.from(trials, (trial) => encode(trial) ?? (low + high) / 2);
  return { kind: 'number', values, low, high };
}
