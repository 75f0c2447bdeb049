import type { FigureAxis } from '../schema/figure.ts';
import { linearTicks, linearValues, logTicks, niceLimits, type Ticks } from './ticks.ts';

/** From numbers to places along an axis. */
export interface Scale {
  readonly minimum: number;
  readonly maximum: number;
  readonly isLog: boolean;
  readonly percent: boolean;
  /** Place in [0, 1] from the axis's start; outside of it for what lies beyond the limits. NaN where there is none. */
  readonly share: (value: number) => number;
  readonly ticks: (count: number) => Ticks;
}

export interface ScaleOptions {
  /** Widen limits that follow the data to whole steps. */
  readonly nice?: boolean;
  /** A number that has to lie within, such as the foot of bars. */
  readonly include?: number;
  /** Ticks that have room, so that nice limits are ticks. */
  readonly count?: number;
  /** Ticks at whole numbers only, as for epochs. */
  readonly whole?: boolean;
}

/** About so many ticks. */
const TICK_COUNT = 5;

/** The smallest and largest of the numbers an axis can show; null where it can show none. */
export function extentOf(values: Iterable<number | null>, isLog = false): [number, number] | null {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || (isLog && value <= 0)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return minimum <= maximum ? [minimum, maximum] : null;
}

/** The scale of an axis over its data: its own limits, else the data's widened to nice ones. */
export function makeScale(
  axis: FigureAxis,
  values: Iterable<number | null>,
  options: ScaleOptions = {},
): Scale {
  if (axis.categories !== null) return categoryScale(axis.categories);
  const isLog = axis.scale === 'log';
  const [low, high] = limitsOf(axis, extentOf(values, isLog), options);
  return isLog ? logScale(low, high) : linearScale(low, high, axis.percent, options.whole ?? false);
}

function limitsOf(
  axis: FigureAxis,
  extent: [number, number] | null,
  { nice = true, include, count = TICK_COUNT }: ScaleOptions,
): [number, number] {
  const isLog = axis.scale === 'log';
  let [low, high] = extent ?? (isLog ? [1, 10] : [0, 1]);
  if (include !== undefined) [low, high] = [Math.min(low, include), Math.max(high, include)];
  const [minimum, maximum] = [usable(axis.minimum, isLog), usable(axis.maximum, isLog)];
  [low, high] = apart(minimum ?? low, maximum ?? high, isLog);
  if (isLog) return [minimum ?? low / 1.08, maximum ?? high * 1.08];
  if (!nice) return [low, high];
  const [niceLow, niceHigh] = niceLimits(low, high, count);
  // A share does not go below nothing or above all.
  const isShare = axis.percent && low >= 0 && high <= 1;
  return [minimum ?? niceLow, maximum ?? (isShare ? Math.min(1, niceHigh) : niceHigh)];
}

function usable(limit: number | null, isLog: boolean): number | null {
  return limit !== null && isLog && limit <= 0 ? null : limit;
}

/** Limits that are not the same, in order. */
function apart(low: number, high: number, isLog: boolean): [number, number] {
  if (low < high) return [low, high];
  if (isLog) return [low / 2, low * 2];
  const reach = low === 0 ? 1 : Math.abs(low) * 0.1;
  return [low - reach, low + reach];
}

function linearScale(minimum: number, maximum: number, percent: boolean, whole: boolean): Scale {
  const factor = percent ? 100 : 1;
  return {
    minimum,
    maximum,
    isLog: false,
    percent,
    share: (value) => (value - minimum) / (maximum - minimum),
    ticks: (count) => {
      const wanted = whole ? Math.min(count, Math.max(1, Math.floor(maximum - minimum))) : count;
      const found = linearTicks(minimum * factor, maximum * factor, wanted);
      const isPlace = (value: number): boolean => !whole || Number.isInteger(value);
      const major = found.major
        .map(({ value, label }) => ({ value: value / factor, label }))
        .filter(({ value }) => isPlace(value));
      return { ...found, major };
    },
  };
}

function logScale(minimum: number, maximum: number): Scale {
  const [low, high] = [Math.log10(minimum), Math.log10(maximum)];
  return {
    minimum,
    maximum,
    isLog: true,
    percent: false,
    share: (value) => (value > 0 ? (Math.log10(value) - low) / (high - low) : Number.NaN),
    ticks: (count) => logTicks(minimum, maximum, count),
  };
}

/** Names at whole numbers, with half a step around. */
function categoryScale(categories: readonly string[]): Scale {
  const count = Math.max(1, categories.length);
  return {
    minimum: -0.5,
    maximum: count - 0.5,
    isLog: false,
    percent: false,
    share: (value) => (value + 0.5) / count,
    ticks: () => ({ major: categories.map((label, value) => ({ value, label })), minor: [], exponent: 0 }),
  };
}

/** Values at which a colour scale is labelled. */
export function labelValues(minimum: number, maximum: number): number[] {
  return minimum < maximum ? linearValues(minimum, maximum, 4) : [minimum];
}
