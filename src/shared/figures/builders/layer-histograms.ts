import type { FigureSpec, SingleFigure } from '../../schema/figure.ts';
import type { Histogram, LayerHistograms } from '../../schema/results.ts';
import { axis } from './axis.ts';
import type { Caption } from './classification.ts';

type HistogramFigure = Extract<SingleFigure, { kind: 'histogram' }>;

/** One histogram of one epoch. */
export interface LabelledHistogram {
  readonly label: string;
  readonly histogram: Histogram;
}

/** Histograms of one thing at several epochs: one above the other from four on, else over one another. */
export function histogramFigure(
  layers: readonly LabelledHistogram[],
  quantity: string,
  { title, runIds }: Caption,
  mode: HistogramFigure['mode'] = layers.length > 3 ? 'offset' : 'overlay',
): HistogramFigure {
  return {
    kind: 'histogram',
    title,
    runIds: [...runIds],
    x: axis(quantity),
    mode,
    layers: layers.map(({ label, histogram }) => ({
      label,
      minimum: histogram.minimum,
      maximum: histogram.maximum,
      counts: histogram.counts,
    })),
  };
}

/** What epochs of the same layers are compared. */
export interface LabelledLayers {
  readonly label: string;
  readonly layers: readonly LayerHistograms[];
}

/** Histograms of every layer's weights at some epochs, a panel per layer. */
export function weightHistogramsFigure(
  epochs: readonly LabelledLayers[],
  caption: Caption,
): FigureSpec | null {
  const weightOf = (layer: LayerHistograms | undefined): Histogram | undefined =>
    layer?.parameters.find(({ name }) => name === 'weight')?.histogram;
  return panelPerLayer(epochs, caption, (layer) => ({ name: 'Weight', histogram: weightOf(layer) }));
}

/** Histograms of every layer's outputs at some epochs, a panel per layer. */
export function activationHistogramsFigure(
  epochs: readonly LabelledLayers[],
  caption: Caption,
): FigureSpec | null {
  return panelPerLayer(epochs, caption, (layer) => ({ name: 'Output', histogram: layer?.activations }));
}

/** Layers that weigh their inputs; what only scales them (batch norm) is left out. */
function hasWeights({ parameters }: LayerHistograms): boolean {
  return parameters.some(({ name }) => name === 'weight');
}

function panelPerLayer(
  epochs: readonly LabelledLayers[],
  { title, runIds }: Caption,
  pick: (layer: LayerHistograms | undefined) => { name: string; histogram: Histogram | undefined },
): FigureSpec | null {
  const names = (epochs[0]?.layers ?? []).filter(hasWeights).map(({ layer }) => layer);
  const figures = names.flatMap((name) => {
    const found = epochs.map(({ label, layers }) => ({
      label,
      ...pick(layers.find(({ layer }) => layer === name)),
    }));
    const known = found.flatMap(({ label, histogram }) =>
      histogram === undefined ? [] : [{ label, histogram }],
    );
    const quantity = found[0]?.name ?? '';
    return known.length === 0 ? [] : [histogramFigure(known, quantity, { title: name, runIds })];
  });
  const [first] = figures;
  if (first === undefined) return null;
  if (figures.length === 1) return { ...first, title };
  return { kind: 'panels', title, runIds: [...runIds], columns: 2, figures };
}

/** Units that never answer, per layer, as bars. */
export function deadUnitsFigure(
  layers: readonly LayerHistograms[],
  { title, runIds }: Caption,
): SingleFigure {
  const shown = layers.filter((layer) => hasWeights(layer) || layer.deadUnits > 0);
  return {
    kind: 'bars',
    title,
    runIds: [...runIds],
    categories: shown.map(({ layer }) => layer),
    y: axis('Dead units', { percent: true, minimum: 0 }),
    groups: [{ label: 'dead', values: shown.map(({ deadUnits, units }) => deadUnits / units), colour: 0 }],
  };
}
