import type { RandomStream } from '../../../shared/random/stream.ts';
import type { SearchParameter } from '../../../shared/schema/search.ts';
import type { SearchPoint } from '../../../shared/schema/study.ts';
import { complementaryError } from '../../metrics/statistics/special-functions.ts';

type Value = SearchPoint[string];

/** A parameter's values as numbers: a number (or its logarithm) in [low, high], or a choice's place. */
export type Axis =
  | {
      readonly kind: 'number';
      readonly low: number;
      readonly high: number;
      readonly log: boolean;
      /** 1 for whole numbers, whose range goes half a step further; 0 for all. */
      readonly step: number;
    }
  | { readonly kind: 'choice'; readonly count: number };

/** One mixture component on each observation, and the prior's as the last. */
export interface Kernels {
  readonly axis: Axis;
  /** Drawn from component `component`. */
  draw(component: number, stream: RandomStream): number;
  /** log density, or log probability, of a value under a component. */
  logDensity(component: number, value: number): number;
}

/** How a parameter's values lie on its axis. */
export function axisOf(parameter: SearchParameter): Axis {
  switch (parameter.kind) {
    case 'choice':
      return { kind: 'choice', count: parameter.values.length };
    case 'integer':
      return {
        kind: 'number',
        low: parameter.minimum - 0.5,
        high: parameter.maximum + 0.5,
        log: false,
        step: 1,
      };
    case 'uniform':
      return { kind: 'number', low: parameter.minimum, high: parameter.maximum, log: false, step: 0 };
    case 'log-uniform':
      return {
        kind: 'number',
        low: Math.log(parameter.minimum),
        high: Math.log(parameter.maximum),
        log: true,
        step: 0,
      };
    default:
      return parameter satisfies never;
  }
}

/** A value's place on its axis; null for one that is not the parameter's (any more). */
export function encode(parameter: SearchParameter, value: Value | undefined): number | null {
  if (value === undefined) return null;
  if (parameter.kind === 'choice') {
    const text = JSON.stringify(value);
    const place = parameter.values.findIndex((one) => JSON.stringify(one) === text);
    return place < 0 ? null : place;
  }
  if (typeof value !== 'number') return null;
  return parameter.kind === 'log-uniform' ? Math.log(value) : value;
}

/** The value at a place of an axis. */
export function decode(parameter: SearchParameter, place: number): Value {
  switch (parameter.kind) {
    case 'choice':
      return parameter.values[place] ?? null;
    case 'log-uniform':
      return Math.min(parameter.maximum, Math.max(parameter.minimum, Math.exp(place)));
    case 'integer':
    case 'uniform':
      return place;
    default:
      return parameter satisfies never;
  }
}

/** Kernels on observations; `places` on the axis. */
export function createKernels(axis: Axis, places: readonly number[]): Kernels {
  return axis.kind === 'choice' ? choiceKernels(axis, places) : numberKernels(axis, places);
}

/** Each observed choice weighs 1 more than the prior's share; the prior's own kernel is even. */
function choiceKernels(axis: Extract<Axis, { kind: 'choice' }>, places: readonly number[]): Kernels {
  const { count } = axis;
  const prior = 1 / (places.length + 1);
  const total = 1 + count * prior;
  const shareOf = (component: number, place: number): number => {
    if (component >= places.length) return 1 / count;
    return (prior + (places[component] === place ? 1 : 0)) / total;
  };
  return {
    axis,
    draw(component, stream) {
      const quantile = stream.nextUniform();
      let sum = 0;
      for (let place = 0; place < count - 1; place++) {
        sum += shareOf(component, place);
        if (quantile < sum) return place;
      }
      return count - 1;
    },
    logDensity: (component, place) => Math.log(shareOf(component, place)),
  };
}

/** Widths are clipped to at least the range / min(100, 1 + kernels) ("magic clip") and at most the range. */
const MOST_KERNELS_IN_CLIP = 100;

/**
 * Each observation's width: its distance to the farther of its neighbours; of the outermost ones to their only
 * neighbour, not to the end of the range.
 */
function widthsOf(places: readonly number[], low: number, high: number): number[] {
  const order = [...places.keys()].sort((a, b) => places[a]! - places[b]!);
  const sorted = [low, ...order.map((at) => places[at]!), high];
  const least = (high - low) / Math.min(MOST_KERNELS_IN_CLIP, 2 + places.length);
  const widths = new Array<number>(places.length).fill(0);
  order.forEach((at, rank) => {
    const left = sorted[rank + 1]! - sorted[rank]!;
    const right = sorted[rank + 2]! - sorted[rank + 1]!;
    let width = Math.max(left, right);
    if (places.length >= 2 && rank === 0) width = right;
    if (places.length >= 2 && rank === places.length - 1) width = left;
    widths[at] = Math.min(high - low, Math.max(least, width));
  });
  return widths;
}

/** Phi(b) - Phi(a) for a <= b, exact in both tails. */
function gaussMass(a: number, b: number): number {
  if (a > 0) return gaussMass(-b, -a);
  if (b <= 0) return (complementaryError(-b / Math.SQRT2) - complementaryError(-a / Math.SQRT2)) / 2;
  return 1 - (complementaryError(-a / Math.SQRT2) + complementaryError(b / Math.SQRT2)) / 2;
}

const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

function numberKernels(axis: Extract<Axis, { kind: 'number' }>, places: readonly number[]): Kernels {
  const { low, high, step } = axis;
  const means = [...places, (low + high) / 2];
  const widths = [...widthsOf(places, low, high), high - low];
  const logMasses = means.map((mean, i) =>
    Math.log(gaussMass((low - mean) / widths[i]!, (high - mean) / widths[i]!)),
  );
  return {
    axis,
    draw(component, stream) {
      const [mean, width] = [means[component]!, widths[component]!];
      let place = mean + width * stream.nextNormal();
      // A mean within the range and a width of at most the range: a third of the draws at least falls within.
      while (!(place >= low && place < high)) place = mean + width * stream.nextNormal();
      return step === 0 ? place : Math.min(high - step / 2, Math.max(low + step / 2, Math.round(place)));
    },
    logDensity(component, place) {
      const [mean, width] = [means[component]!, widths[component]!];
      const distance = (place - mean) / width;
      if (step === 0) {
        return -0.5 * distance ** 2 - LOG_SQRT_2_PI - Math.log(width) - logMasses[component]!;
      }
      const half = step / 2 / width;
      return Math.log(gaussMass(distance - half, distance + half)) - logMasses[component]!;
    },
  };
}
