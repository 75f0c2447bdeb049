import type { SingleFigure } from '../../schema/figure.ts';
import type { ClassificationResult } from '../../schema/results.ts';
import type { RunId } from '../../schema/run.ts';
import { axis } from './axis.ts';

type Kind<K extends SingleFigure['kind']> = Extract<SingleFigure, { kind: K }>;

/** What a figure about one run's results is called, and whose it is. */
export interface Caption {
  readonly title: string;
  readonly runIds: readonly RunId[];
}

/** Counts of actual against predicted classes, or with `shares` the share of each actual class. */
export function confusionFigure(
  { classes, confusion, perClass }: ClassificationResult,
  { title, runIds }: Caption,
  shares = false,
): Kind<'matrix'> {
  const count = classes.length;
  const values = Array.from(confusion, (number, at) => {
    if (!shares) return number;
    const support = perClass[Math.floor(at / count)]?.support ?? 0;
    return support === 0 ? null : number / support;
  });
  return {
    kind: 'matrix',
    title,
    runIds: [...runIds],
    rowTitle: 'Actual',
    columnTitle: shares ? 'Predicted (% of actual)' : 'Predicted',
    rows: classes,
    columns: classes,
    values,
    scale: 'sequential',
    text: shares ? 'percent' : 'count',
  };
}

/** Per-class accuracy (recall) as bars, a group per result. */
export function classAccuracyFigure(
  results: readonly { readonly label: string; readonly result: ClassificationResult }[],
  { title, runIds }: Caption,
): Kind<'bars'> {
  return {
    kind: 'bars',
    title,
    runIds: [...runIds],
    categories: results[0]?.result.classes ?? [],
    y: axis('Accuracy', { percent: true, minimum: 0, maximum: 1 }),
    groups: results.map(({ label, result }, colour) => ({
      label,
      values: result.perClass.map(({ recall }) => recall),
      colour,
    })),
  };
}

/** Accuracy against confidence per bin (Guo et al. 2017), beside the diagonal of a calibrated model. */
export function calibrationFigure(
  results: readonly { readonly label: string; readonly result: ClassificationResult }[],
  { title, runIds }: Caption,
): Kind<'lines'> {
  const share = { percent: true, minimum: 0, maximum: 1 };
  const ownSeries = results.map(({ label, result }, colour) => {
    const bins = result.calibration.filter(({ count }) => count > 0);
    return {
      label,
      x: bins.map(({ meanConfidence }) => meanConfidence),
      y: bins.map(({ accuracy }) => accuracy),
      style: 'solid' as const,
      colour,
      band: null,
    };
  });
  const diagonal = {
    label: 'calibrated',
    x: [0, 1],
    y: [0, 1],
    style: 'dashed' as const,
    colour: 6,
    band: null,
  };
  return {
    kind: 'lines',
    title,
    runIds: [...runIds],
    x: axis('Confidence', share),
    y: axis('Accuracy', share),
    series: [...ownSeries, diagonal],
  };
}

/** Examples of each class per split. */
export function classDistributionFigure(
  classes: readonly string[],
  counts: readonly { readonly split: string; readonly counts: ArrayLike<number> }[],
  title: string,
): Kind<'bars'> {
  return {
    kind: 'bars',
    title,
    runIds: [],
    categories: [...classes],
    y: axis('Examples', { minimum: 0 }),
    groups: counts.map(({ split, counts: numbers }, colour) => ({
      label: split,
      values: Array.from(numbers),
      colour,
    })),
  };
}
