import type { Point } from 'chart.js';
import type { ModelField } from '../../shared/schema/results.ts';
import { formatLoss } from '../text/format.ts';
import { lineDataset, pointsDataset, type ChartTheme, type FigureConfiguration } from './chart.ts';
import { plot } from './figure.ts';

type LineField = Extract<ModelField, { kind: 'line' }>;

/** A fitted curve and the points it was fitted to and is judged by. */
export interface FitFigure {
  readonly field: LineField;
  readonly train: Point[];
  readonly test: Point[];
  /** Of the one feature and of the target, with its unit. */
  readonly names: { readonly x: string; readonly y: string };
  readonly colour: string;
}

const points = (x: Float32Array, y: ArrayLike<number>): Point[] =>
  Array.from(x, (value, index) => ({ x: value, y: y[index] ?? Number.NaN }));

/** The curve solid, two sigma either side of it as a band, train points as rings and test points as diamonds. */
export function fitChart(
  theme: ChartTheme,
  { field, train, test, names, colour }: FitFigure,
): FigureConfiguration {
  const edge = (times: number) =>
    points(
      field.x,
      field.predicted.map((value, index) => value + times * (field.sigma?.[index] ?? 0)),
    );
  const band =
    field.sigma === null
      ? []
      : [
          {
            ...lineDataset('Upper edge', edge(2), colour),
            borderWidth: 0,
            fill: '-1',
            backgroundColor: `${colour}33`,
          },
          { ...lineDataset('Lower edge', edge(-2), colour), borderWidth: 0 },
        ];
  const ring = {
    ...pointsDataset('train', train, 'transparent', 3),
    borderWidth: 1.25,
    borderColor: theme.text,
  };
  const diamond = { ...pointsDataset('test', test, theme.mark, 3.5), pointStyle: 'rectRot' as const };
  return plot(theme, {
    x: { title: names.x, grid: false },
    y: { title: names.y },
    layers: [...band, ring, diamond, lineDataset('Fit', points(field.x, field.predicted), colour)],
    tooltip: (point, label) => `${label}: ${formatLoss(point.x)}, ${formatLoss(point.y)}`,
  });
}
