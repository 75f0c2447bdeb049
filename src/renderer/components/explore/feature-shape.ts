import type { FeatureHistogram } from '../../../shared/schema/explore.ts';
import { plainTick } from '../../charts/chart.ts';
import { formatCount } from '../../text/format.ts';

/** A split's counts as shares of the split, so that a small one can be laid over a large one. */
function sharesOf(counts: Int32Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(counts, (count) => (total === 0 ? 0 : count / total));
}

/** What makes one in 10,000 still seen, where heights go by the logarithm. */
const LOG_STEEPNESS = 10_000;

/**
 * The outlines of a feature's distribution in each split, as SVG paths on one scale; '' for an empty split. Heights go
 * by the share of the split, or by its logarithm, so that rare values are seen beside common ones.
 */
export function featurePaths(
  { counts }: FeatureHistogram,
  width: number,
  height: number,
  logarithmic = false,
): string[] {
  const scale = (share: number) => (logarithmic ? Math.log1p(LOG_STEEPNESS * share) : share);
  const shares = counts.map((own) => sharesOf(own).map(scale));
  const largest = Math.max(...shares.map((own) => own.reduce((most, share) => Math.max(most, share), 0)));
  return shares.map((own) => (own.some((share) => share > 0) ? outline(own, largest, width, height) : ''));
}

function outline(shares: Float64Array, largest: number, width: number, height: number): string {
  const step = width / Math.max(1, shares.length);
  const bars = Array.from(shares, (share, bin) => {
    const top = height * (1 - share / largest);
    return `V${top.toFixed(2)}H${((bin + 1) * step).toFixed(2)}`;
  });
  return `M0 ${height}${bars.join('')}V${height}`;
}

/** A feature's distribution in words. */
export function describeFeature({
  name,
  counts,
  minimum,
  maximum,
  mean,
  standardDeviation,
}: FeatureHistogram): string {
  const total = counts.reduce((sum, own) => sum + own.reduce((all, count) => all + count, 0), 0);
  const spread = `mean ${plainTick(mean)}, standard deviation ${plainTick(standardDeviation)}`;
  return `${name}: ${formatCount(total)} values from ${plainTick(minimum)} to ${plainTick(maximum)}, ${spread}`;
}
