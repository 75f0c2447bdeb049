import type { ComparedSeries, RunGroup } from '../../shared/schema/comparison.ts';
import type { OverlayLine } from '../charts/overlay/overlay-lines.ts';
import { smooth } from '../charts/smoothing.ts';
import { spreadOf } from './compare-statistics.ts';

/** What curves are drawn over. */
export type CompareAxis = 'epoch' | 'step' | 'time';
/** What is drawn around the mean of a group. */
export type CompareBand = 'sd' | 'interval';

type Numbers = Float64Array<ArrayBuffer>;

/** How curves are to be drawn. */
export interface LineOptions {
  readonly axis: CompareAxis;
  /** Weight of the moving average; 0 for none. */
  readonly smoothing: number;
}

/** A line's name and colour by its key. */
export type LineLook = (key: string) => { readonly label: string; readonly colour: string };

/** The places of a curve's points on the axis; time in seconds. */
export function linePlaces(series: ComparedSeries, axis: CompareAxis): Numbers {
  if (axis === 'time') return series.seconds;
  // Not `from`, which takes numbers one by one.
  return new Float64Array(axis === 'step' ? series.steps : series.epochs);
}

/** A line per run and split, smoothed, with the raw one beneath. */
export function runLines(
  series: readonly ComparedSeries[],
  options: LineOptions,
  look: LineLook,
): OverlayLine[] {
  return series.map((one) => ({
    key: one.runId,
    id: `${one.runId} ${one.split}`,
    ...look(one.runId),
    split: one.split,
    x: linePlaces(one, options.axis),
    ...smoothed(one.values, options.smoothing),
    band: null,
    counts: null,
  }));
}

/** A lone point is no curve to smooth. */
function smoothed(values: Numbers, weight: number): Pick<OverlayLine, 'y' | 'raw'> {
  if (weight === 0 || values.length < 2) return { y: values, raw: null };
  return { y: smooth(values, weight), raw: values };
}

/** A mean line per group and split, with its band and how many runs each point stands for. */
export function groupLines(
  series: readonly ComparedSeries[],
  groups: readonly RunGroup[],
  band: CompareBand,
  options: LineOptions,
  look: LineLook,
): OverlayLine[] {
  return groups.flatMap((group) => {
    const own = series.filter((one) => group.runIds.includes(one.runId));
    const splits = [...new Set(own.map(({ split }) => split))];
    return splits.map((split) => {
      const curves = own.filter((one) => one.split === split);
      return groupLine(group.label, split, meanCurve(curves, options.axis, band), options, look);
    });
  });
}

function groupLine(
  key: string,
  split: OverlayLine['split'],
  curve: MeanCurve,
  options: LineOptions,
  look: LineLook,
): OverlayLine {
  const band =
    options.smoothing === 0
      ? curve.band
      : { low: smooth(curve.band.low, options.smoothing), high: smooth(curve.band.high, options.smoothing) };
  return {
    key,
    id: `${key} ${split}`,
    ...look(key),
    split,
    x: curve.x,
    ...smoothed(curve.mean, options.smoothing),
    band,
    counts: curve.counts,
  };
}

/** The mean of curves; parallel arrays. The band is NaN where a single run is left. */
export interface MeanCurve {
  readonly x: Numbers;
  readonly mean: Numbers;
  readonly band: { readonly low: Numbers; readonly high: Numbers };
  readonly counts: Int32Array<ArrayBuffer>;
}

/**
 * The mean of curves step by step. Runs of a group take the same steps, so that their points stand at the same ones; in
 * time a point stands at the mean of its runs' times.
 */
export function meanCurve(
  curves: readonly ComparedSeries[],
  axis: CompareAxis,
  band: CompareBand,
): MeanCurve {
  const points = new Map<number, { places: number[]; values: number[] }>();
  for (const curve of curves) {
    const places = linePlaces(curve, axis);
    curve.steps.forEach((step, index) => {
      const point = points.get(step) ?? { places: [], values: [] };
      point.places.push(places[index]!);
      point.values.push(curve.values[index]!);
      points.set(step, point);
    });
  }
  const ordered = [...points].sort(([one], [other]) => one - other).map(([, point]) => point);
  const spreads = ordered.map(({ values }) => spreadOf(values));
  const half = spreads.map((spread) => (band === 'sd' ? spread.standardDeviation : spread.halfInterval));
  return {
    x: Float64Array.from(ordered, ({ places }) => places.reduce((sum, at) => sum + at, 0) / places.length),
    mean: Float64Array.from(spreads, ({ mean }) => mean),
    band: {
      low: Float64Array.from(spreads, ({ mean }, index) => mean - half[index]!),
      high: Float64Array.from(spreads, ({ mean }, index) => mean + half[index]!),
    },
    counts: Int32Array.from(spreads, ({ count }) => count),
  };
}
