import { boundaryFigure } from '../../../shared/figures/builders/boundary.ts';
import { histogramFigure } from '../../../shared/figures/builders/layer-histograms.ts';
import { mistakesFigure, type ImagesFigure } from '../../../shared/figures/builders/pictures.ts';
import { fittedCurveFigure } from '../../../shared/figures/builders/regression.ts';
import type { FigureSpec, SingleFigure } from '../../../shared/schema/figure.ts';
import type { ClassificationResult, HeadResult, ModelField } from '../../../shared/schema/results.ts';
import type { ExampleValues } from '../../state/run-results-examples.ts';
import type { FieldPoints } from '../results/field-points.ts';
import type { EpochHistogram } from '../results/ridge.ts';

/** Runs are filled in by the menu, from whose panel it is. */
const captioned = (title: string) => ({ title, runIds: [] });

/** Fitted curve, or boundary, with the points that are drawn over it. */
export function fieldFigure(
  title: string,
  field: ModelField,
  head: HeadResult,
  train: FieldPoints,
  test: FieldPoints,
): FigureSpec {
  const splits = [
    { split: 'train', points: train },
    { split: 'test', points: test },
  ] as const;
  if (field.kind === 'line') {
    const curves = splits.map(({ split, points }) => ({
      label: split,
      x: points.features.map(([x = Number.NaN]) => x),
      y: points.target,
    }));
    return fittedCurveFigure(field, curves, { x: 'x', y: head.name }, captioned(title));
  }
  const points = splits.flatMap(({ split, points: of }) =>
    of.features.map(([x = 0, y = 0], i) => ({ x, y, label: of.target[i] ?? 0, split })),
  );
  const classes = head.result.kind === 'classification' ? head.result.classes : [];
  return boundaryFigure(field, classes, points, captioned(title));
}

/** Histograms of each layer, at one epoch or over several, a panel per layer. */
export function histogramsFigure(
  title: string,
  quantity: string,
  layers: readonly { readonly name: string; readonly histograms: readonly EpochHistogram[] }[],
  mode: 'offset' | 'overlay',
): FigureSpec | null {
  const figures = layers
    .filter(({ histograms }) => histograms.length > 0)
    .map(({ name, histograms }) => {
      const labelled = histograms.map(({ epoch, histogram }) => ({ label: `epoch ${epoch}`, histogram }));
      return histogramFigure(labelled, quantity, captioned(name), mode);
    });
  return panelsOf(title, figures);
}

function panelsOf(title: string, figures: SingleFigure[]): FigureSpec | null {
  const [first] = figures;
  if (first === undefined) return null;
  if (figures.length === 1) return { ...first, title };
  return { kind: 'panels', title, runIds: [], columns: 2, figures };
}

/** The mistakes whose examples have been read. */
export function mistakesOf(
  result: ClassificationResult,
  positions: readonly number[],
  examples: ReadonlyMap<number, ExampleValues>,
): ImagesFigure | null {
  const shown = positions.filter((position) => examples.has(result.rows[position] ?? -1));
  const found = shown.flatMap((position) => examples.get(result.rows[position] ?? -1) ?? []);
  const [first] = found;
  if (first?.shape.length !== 3) return null;
  const page = {
    shape: [...first.shape],
    rows: Int32Array.from(found, ({ row }) => row),
    values: joined(found),
    targets: [],
  };
  return mistakesFigure(result, shown, page, captioned('Most confident mistakes'));
}

function joined(examples: readonly ExampleValues[]): ExampleValues['values'] {
  const size = examples[0]?.values.length ?? 0;
  const isBytes = examples[0]?.values instanceof Uint8Array;
  const all = isBytes ? new Uint8Array(size * examples.length) : new Float32Array(size * examples.length);
  examples.forEach(({ values }, i) => all.set(values, i * size));
  return all;
}
