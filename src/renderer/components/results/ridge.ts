import type { Histogram, LayerHistograms } from '../../../shared/schema/results.ts';
import { plainTick } from '../../charts/chart.ts';
import { formatCount, formatShare } from '../../text/format.ts';

/** What of a layer is counted: a parameter, its gradient, or the outputs. */
export interface HistogramPart {
  readonly kind: 'parameter' | 'gradient' | 'activations';
  /** Of the parameter; "activations" for the outputs. */
  readonly name: string;
}

/** A histogram and the epoch whose net it is of. */
export interface EpochHistogram {
  readonly epoch: number;
  readonly histogram: Histogram;
}

/** A layer's histograms after an epoch. */
export interface EpochLayers {
  readonly epoch: number;
  readonly layers: readonly LayerHistograms[];
}

export function partKey({ kind, name }: HistogramPart): string {
  return `${kind}/${name}`;
}

/** The part that `partKey` wrote. */
export function partOfKey(key: string): HistogramPart {
  const [kind = '', ...name] = key.split('/');
  const known = (['gradient', 'activations'] as const).find((one) => one === kind) ?? 'parameter';
  return { kind: known, name: name.join('/') };
}

export function partLabel({ kind, name }: HistogramPart): string {
  return kind === 'gradient' ? `gradient of ${name}` : name;
}

/** Everything that is counted of any of the layers: parameters, then gradients, then activations. */
export function histogramParts(layers: readonly LayerHistograms[]): HistogramPart[] {
  const names = [...new Set(layers.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
  return [
    ...names.map((name) => ({ kind: 'parameter', name }) as const),
    ...names.map((name) => ({ kind: 'gradient', name }) as const),
    { kind: 'activations', name: 'activations' },
  ];
}

/** A layer's histogram of a part; null where it has none. */
export function histogramOf(layer: LayerHistograms, { kind, name }: HistogramPart): Histogram | null {
  if (kind === 'activations') return layer.activations;
  const parameter = layer.parameters.find((one) => one.name === name);
  return (kind === 'gradient' ? parameter?.gradient : parameter?.histogram) ?? null;
}

/** One layer's histograms of a part over the epochs. */
export function overEpochs(
  history: readonly EpochLayers[],
  layer: string,
  part: HistogramPart,
): EpochHistogram[] {
  return history.flatMap(({ epoch, layers }) => {
    const own = layers.find((one) => one.layer === layer);
    const histogram = own === undefined ? null : histogramOf(own, part);
    return histogram === null ? [] : [{ epoch, histogram }];
  });
}

/** Corners of a histogram's outline. */
export interface Outline {
  /** Edges of the bins, in the numbers counted. */
  readonly edges: readonly number[];
  /** Share of the numbers per unit of their axis, one per bin. */
  readonly density: readonly number[];
}

/** Counts as a density, so that histograms of unlike ranges compare. */
export function outlineOf({ minimum, maximum, counts }: Histogram): Outline {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const width = (maximum - minimum) / Math.max(1, counts.length);
  const edges = Array.from({ length: counts.length + 1 }, (_, index) => minimum + index * width);
  const density = counts.map((count) => (total === 0 || width === 0 ? 0 : count / (total * width)));
  return { edges, density };
}

/** What a figure of many epochs' histograms spans. */
export interface RidgeRange {
  readonly from: number;
  readonly to: number;
  /** The highest density but for outliers: nine of ten epochs' peaks are below. */
  readonly peak: number;
}

export function ridgeRange(histograms: readonly EpochHistogram[]): RidgeRange {
  const from = Math.min(...histograms.map(({ histogram }) => histogram.minimum));
  const to = Math.max(...histograms.map(({ histogram }) => histogram.maximum));
  const peaks = histograms
    .map(({ histogram }) => Math.max(0, ...outlineOf(histogram).density))
    .sort((a, b) => a - b);
  const peak = peaks[Math.min(peaks.length - 1, Math.floor(0.9 * peaks.length))] ?? 1;
  if (!Number.isFinite(from) || !Number.isFinite(to)) return { from: -1, to: 1, peak: 1 };
  return from === to ? { from: from - 0.5, to: to + 0.5, peak: 1 } : { from, to, peak: peak || 1 };
}

/** How the epochs stand: one below the other, the last in front; or all on one line. */
export type RidgeMode = 'offset' | 'overlay';

/** Pixels of a figure that the highest peak takes of its height in offset mode. */
const PEAK_SHARE = 0.3;

/** Where an epoch's line of zero lies and how high its peak may be, in pixels from the top. */
export function ridgePlace(
  index: number,
  count: number,
  height: number,
  mode: RidgeMode,
): { readonly base: number; readonly peak: number } {
  if (mode === 'overlay') return { base: height - 1, peak: height - 4 };
  const peak = height * PEAK_SHARE;
  const room = height - 1 - peak;
  return { base: count <= 1 ? height - 1 : peak + (index / (count - 1)) * room, peak };
}

/** The outline of a histogram as points of a box, from its first edge to its last. */
export function ridgePoints(
  histogram: Histogram,
  range: RidgeRange,
  width: number,
  place: { readonly base: number; readonly peak: number },
): (readonly [number, number])[] {
  const { edges, density } = outlineOf(histogram);
  const across = (value: number) => ((value - range.from) / (range.to - range.from)) * width;
  const up = (share: number) => place.base - Math.min(1.6, share / range.peak) * place.peak;
  const points: (readonly [number, number])[] = [[across(edges[0] ?? 0), place.base]];
  density.forEach((share, bin) => {
    points.push([across((edges[bin]! + edges[bin + 1]!) / 2), up(share)]);
  });
  points.push([across(edges.at(-1) ?? 0), place.base]);
  return points;
}

/** Histograms over epochs in words. */
export function describeRidge(label: string, histograms: readonly EpochHistogram[]): string {
  const [first, last] = [histograms[0], histograms.at(-1)];
  if (first === undefined || last === undefined) return `${label}: no epoch yet`;
  const at = ({ epoch, histogram }: EpochHistogram) =>
    `mean ${plainTick(histogram.mean)} and standard deviation ${plainTick(histogram.standardDeviation)} at epoch ${epoch}`;
  return `${label} over ${formatCount(histograms.length)} epochs: ${at(first)}, ${at(last)}`;
}

/** How much of a layer sits at the ends of its activation's range, e.g. "12 % saturated"; null where it has no ends. */
export function describeSaturation({
  saturatedShare,
}: Pick<LayerHistograms, 'saturatedShare'>): string | null {
  return saturatedShare === null ? null : `${formatShare(saturatedShare)} saturated`;
}

/** How units died over the epochs, e.g. "dead: 0 at epoch 0, 3 at epoch 50, at most 5"; null for none ever. */
export function describeDying(history: readonly EpochLayers[], layer: string): string | null {
  const dead = history.flatMap(({ epoch, layers }) => {
    const own = layers.find((one) => one.layer === layer);
    return own === undefined ? [] : [{ epoch, units: own.deadUnits }];
  });
  const [first, last] = [dead[0], dead.at(-1)];
  const most = Math.max(0, ...dead.map(({ units }) => units));
  if (first === undefined || last === undefined || most === 0) return null;
  return `dead: ${first.units} at epoch ${first.epoch}, ${last.units} at epoch ${last.epoch}, at most ${most}`;
}
