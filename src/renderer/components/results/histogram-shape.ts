import type { Histogram, LayerHistograms } from '../../../shared/schema/results.ts';
import { formatCount } from '../../text/format.ts';
import type { ModelSummary } from '../../../shared/schema/model.ts';
import { plainTick } from '../../charts/chart.ts';

/** An SVG path of bars over the whole box; heights by count, or by its logarithm (1 + count). */
export function histogramPath(
  counts: readonly number[],
  width: number,
  height: number,
  logarithmic = false,
): string {
  const scale = (count: number) => (logarithmic ? Math.log1p(count) : count);
  const largest = scale(Math.max(1, ...counts));
  const step = width / Math.max(1, counts.length);
  const bars = counts.map((count, index) => {
    const top = height * (1 - scale(count) / largest);
    return `V${top.toFixed(2)}H${((index + 1) * step).toFixed(2)}`;
  });
  return `M0 ${height}${bars.join('')}V${height}Z`;
}

/** Where zero lies on the box from left to right; null outside. */
export function zeroAt({ minimum, maximum }: Histogram, width: number): number | null {
  if (minimum > 0 || maximum < 0 || minimum === maximum) return null;
  return (-minimum / (maximum - minimum)) * width;
}

/** A histogram in words. */
export function describeHistogram(name: string, histogram: Histogram): string {
  const total = histogram.counts.reduce((sum, count) => sum + count, 0);
  const { mean, standardDeviation, minimum, maximum, notFinite } = histogram;
  const spread = `mean ${plainTick(mean)}, standard deviation ${plainTick(standardDeviation)}`;
  const range = `from ${plainTick(minimum)} to ${plainTick(maximum)}`;
  const faults = notFinite === 0 ? '' : `, ${formatCount(notFinite)} not finite`;
  return `${name}: ${formatCount(total)} numbers ${range}, ${spread}${faults}`;
}

/** Units of a layer that give nothing, e.g. "12 of 128 dead". */
export function describeDead({ deadUnits, units }: LayerHistograms): string {
  return deadUnits === 0 ? 'no dead units' : `${formatCount(deadUnits)} of ${formatCount(units)} dead`;
}

/** Kinds of layers that pass on what they get once a net is trained. */
const PASSING: readonly string[] = ['dropout', 'flatten'];

/** The layers that tell something: not those that only pass on what the one before them says. */
export function telling(layers: readonly LayerHistograms[], model: ModelSummary): LayerHistograms[] {
  const kinds = new Map(model.layers.map(({ name, kind }) => [name, kind]));
  return layers.filter(({ layer }) => !PASSING.includes(kinds.get(layer) ?? ''));
}
