import type { RegressionResult } from '../../shared/schema/results.ts';
import { evenPositions, extentOf, padded, residuals } from './regression.ts';
import { formatLoss } from '../text/format.ts';
import { lineDataset, pointsDataset, type ChartTheme, type FigureConfiguration } from './chart.ts';
import { plot } from './figure.ts';

/** More points than this tell no more and draw slowly. */
export const MOST_POINTS = 3_000;

const withUnit = (name: string, unit: string | null) => (unit === null ? name : `${name} (${unit})`);

/** Predicted against actual, with the diagonal on which a perfect model's points lie. */
export function agreementChart(
  theme: ChartTheme,
  result: RegressionResult,
  colour: string,
): FigureConfiguration {
  const { actual, predicted, rows, unit } = result;
  const [low, high] = padded(extentOf(actual, predicted) ?? [0, 1]);
  const shown = evenPositions(rows.length, MOST_POINTS);
  const points = shown.map((at) => ({ x: actual[at] ?? Number.NaN, y: predicted[at] ?? Number.NaN }));
  const diagonal = [low, high].map((value) => ({ x: value, y: value }));
  return plot(theme, {
    x: { title: withUnit('Actual', unit), minimum: low, maximum: high },
    y: { title: withUnit('Predicted', unit), minimum: low, maximum: high },
    layers: [
      lineDataset('Predicted = actual', diagonal, theme.text, true),
      pointsDataset('Example', points, colour),
    ],
    tooltip: (point, _, index) =>
      `row ${rows[shown[index] ?? 0] ?? ''}: actual ${formatLoss(point.x)}, predicted ${formatLoss(point.y)}`,
  });
}

/** What is left of the target, against the prediction; a good model's lie evenly about zero. */
export function residualChart(
  theme: ChartTheme,
  result: RegressionResult,
  colour: string,
): FigureConfiguration {
  const { predicted, rows, unit } = result;
  const left = residuals(result);
  const [low, high] = padded(extentOf(predicted) ?? [0, 1]);
  const shown = evenPositions(rows.length, MOST_POINTS);
  const points = shown.map((at) => ({ x: predicted[at] ?? Number.NaN, y: left[at] ?? Number.NaN }));
  const zero = [low, high].map((x) => ({ x, y: 0 }));
  return plot(theme, {
    x: { title: withUnit('Predicted', unit), minimum: low, maximum: high },
    y: { title: withUnit('Actual − predicted', unit) },
    layers: [lineDataset('Zero', zero, theme.text, true), pointsDataset('Example', points, colour)],
    tooltip: (point, _, index) =>
      `row ${rows[shown[index] ?? 0] ?? ''}: predicted ${formatLoss(point.x)}, residual ${formatLoss(point.y)}`,
  });
}

/** Size of the error against the predicted sigma, with lines at one and two sigma. */
export function sigmaChart(
  theme: ChartTheme,
  result: RegressionResult,
  sigma: Float32Array,
  colour: string,
): FigureConfiguration {
  const { rows, unit } = result;
  const left = residuals(result);
  const [, high] = padded(extentOf(sigma) ?? [0, 1]);
  const shown = evenPositions(rows.length, MOST_POINTS);
  const points = shown.map((at) => ({ x: sigma[at] ?? Number.NaN, y: Math.abs(left[at] ?? Number.NaN) }));
  const ray = (times: number) => [
    { x: 0, y: 0 },
    { x: high, y: times * high },
  ];
  return plot(theme, {
    x: { title: withUnit('Predicted sigma', unit), minimum: 0, maximum: high },
    y: { title: withUnit('Size of the error', unit), minimum: 0 },
    layers: [
      lineDataset('1 sigma', ray(1), theme.text),
      lineDataset('2 sigma', ray(2), theme.text, true),
      pointsDataset('Example', points, colour),
    ],
    tooltip: (point, _, index) =>
      `row ${rows[shown[index] ?? 0] ?? ''}: sigma ${formatLoss(point.x)}, error ${formatLoss(point.y)}`,
  });
}
