import { axis } from '../../../shared/figures/builders/axis.ts';
import { classDistributionFigure } from '../../../shared/figures/builders/classification.ts';
import type { FeatureHistogram } from '../../../shared/schema/explore.ts';
import type { FigureSpec } from '../../../shared/schema/figure.ts';

const SPLITS = ['train', 'dev', 'test'] as const;

/** Examples of each class per split, those that have any. */
export function classesFigure(classes: readonly string[], counts: readonly Int32Array[]): FigureSpec {
  const shown = counts.flatMap((numbers, i) =>
    numbers.some((count) => count > 0) ? [{ split: SPLITS[i] ?? String(i), counts: numbers }] : [],
  );
  return classDistributionFigure(classes, shown, 'Classes per split');
}

/** Pearson's r of all pairs. */
export function correlationFigure(names: readonly string[], values: Float32Array): FigureSpec {
  return {
    kind: 'matrix',
    title: "Correlation (Pearson's r)",
    runIds: [],
    rowTitle: '',
    columnTitle: '',
    rows: [...names],
    columns: [...names],
    values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    scale: 'signed',
    text: 'number',
  };
}

/** Distribution of each feature per split, a panel per feature. */
export function featuresFigure(features: readonly FeatureHistogram[], title: string): FigureSpec | null {
  const figures = features.map(({ name, minimum, maximum, counts }) => ({
    kind: 'histogram' as const,
    title: name,
    runIds: [],
    x: axis(name),
    mode: 'overlay' as const,
    layers: counts.flatMap((numbers, i) =>
      numbers.some((count) => count > 0)
        ? [{ label: SPLITS[i] ?? String(i), minimum, maximum, counts: [...numbers] }]
        : [],
    ),
  }));
  return figures.length === 0 ? null : { kind: 'panels', title, runIds: [], columns: 2, figures };
}
