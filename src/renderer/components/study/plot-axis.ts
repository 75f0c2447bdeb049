import { percentTick, plainTick } from '../../charts/chart.ts';
import type { PlotAxis } from '../../charts/plot/plot-axes.ts';
import { axisPlace } from '../../charts/overlay/axis-scale.ts';
import type { ParallelAxis } from '../../state/compare-axes.ts';
import { isShareMetric } from '../../text/format.ts';

type Numbers = Float64Array<ArrayBuffer>;

/** The axis of a plot for a parameter or an objective; accuracies are written as per cent. */
export function plotAxis(axis: ParallelAxis): PlotAxis {
  const isShare = axis.metric !== null && isShareMetric(axis.metric);
  const title = axis.title.charAt(0).toUpperCase() + axis.title.slice(1);
  return {
    title: isShare ? `${title} (%)` : title,
    categories: axis.categories,
    logarithmic: axis.logarithmic,
    span: axis.span,
    tick: isShare ? percentTick : plainTick,
  };
}

/** Values as shares of an axis of numbers. */
export function sharesOn(
  { span, logarithmic }: Pick<PlotAxis, 'span' | 'logarithmic'>,
  values: Numbers,
): Numbers {
  return values.map((value) => (axisPlace(value, logarithmic) - span[0]) / (span[1] - span[0]));
}

/** An axis from a number to another. */
export function numbersAxis(title: string, from: number, to: number): PlotAxis {
  return { title, categories: null, logarithmic: false, span: [from, to > from ? to : from + 1] };
}

/** Above so many trials their points are drawn as small as can be told apart. */
const CROWD = 400;
const SMALL_RADIUS = 2;

/** The radius of the points of so many trials, `usual` where they have room. */
export function pointRadius(trials: number, usual: number): number {
  return trials > CROWD ? SMALL_RADIUS : usual;
}

/** How far points on words are moved to either side, as a share of the way to the next word. */
const REACH = 0.28;

/**
 * The shares of an axis with those on words spread a little to either side, by the trial's number, so that points do
 * not hide each other.
 */
export function spreadShares({ categories, shares }: ParallelAxis): Numbers {
  if (categories === null) return shares;
  const way = 1 / Math.max(1, categories.length - 1);
  return shares.map((share, trial) => share + (((trial * 0.754_877_666_247) % 1) * 2 - 1) * REACH * way);
}

/** Lengths of time on an axis, in the unit that reads best. */
export function timeUnit(lengthMs: number): { readonly unit: string; readonly ms: number } {
  if (lengthMs > 3 * 3_600_000) return { unit: 'h', ms: 3_600_000 };
  return lengthMs > 3 * 60_000 ? { unit: 'min', ms: 60_000 } : { unit: 's', ms: 1_000 };
}
