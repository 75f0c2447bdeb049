import { decadeTicks } from '../chart.ts';

/** A stretch of an axis; on a logarithmic axis in powers of ten. */
export type Span = readonly [from: number, to: number];

/** Where a number lies on an axis, NaN where a logarithmic one has no place for it. */
export function axisPlace(value: number, logarithmic: boolean): number {
  if (!logarithmic) return value;
  return value > 0 ? Math.log10(value) : Number.NaN;
}

/** The number at a place of an axis. */
export function axisValue(place: number, logarithmic: boolean): number {
  return logarithmic ? 10 ** place : place;
}

/** Round numbers (1, 2 or 5 times a power of ten apart) inside a stretch, about `most` of them. */
export function roundTicks([from, to]: Span, most: number): number[] {
  const step = roundStep((to - from) / Math.max(1, most));
  if (!Number.isFinite(step) || step <= 0) return [];
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** The round number nearest to a step by ratio. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const ratio = wanted / power;
  if (ratio >= Math.sqrt(50)) return 10 * power;
  if (ratio >= Math.sqrt(10)) return 5 * power;
  return ratio >= Math.SQRT2 ? 2 * power : power;
}

/** What is written along an axis: numbers, and their places. */
export interface AxisTick {
  readonly value: number;
  readonly place: number;
}

/** Ticks of a stretch: decades where a logarithmic axis shows at least two, round numbers otherwise. */
export function axisTicks(span: Span, logarithmic: boolean, most: number): AxisTick[] {
  if (!logarithmic) return roundTicks(span, most).map((value) => ({ value, place: value }));
  const [low, high] = [10 ** span[0], 10 ** span[1]];
  const decades = decadeTicks(low, high);
  const values = decades.length > 1 ? decades : roundTicks([low, high], most).filter((value) => value > 0);
  return values.map((value) => ({ value, place: Math.log10(value) }));
}
