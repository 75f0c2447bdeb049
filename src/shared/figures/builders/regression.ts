import type { SingleFigure } from '../../schema/figure.ts';
import type { ModelField, RegressionResult } from '../../schema/results.ts';
import { niceLimits } from '../ticks.ts';
import { axis, withUnit } from './axis.ts';
import type { Caption } from './classification.ts';

type Scatter = Extract<SingleFigure, { kind: 'scatter' }>;
type Lines = Extract<SingleFigure, { kind: 'lines' }>;

/** One split's results, and how it is called. */
export interface LabelledRegression {
  readonly label: string;
  readonly result: RegressionResult;
}

function limitsOf(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return low < high ? niceLimits(low, high, 5) : [low - 1, high + 1];
}

/** Predicted against actual with the diagonal, both axes alike. */
export function predictedActualFigure(
  results: readonly LabelledRegression[],
  target: string,
  { title, runIds }: Caption,
): Scatter {
  const unit = results[0]?.result.unit ?? null;
  const all = results.flatMap(({ result }) => [...result.actual, ...result.predicted]);
  const [minimum, maximum] = limitsOf(all);
  return {
    kind: 'scatter',
    title,
    runIds: [...runIds],
    x: axis(withUnit(`Actual ${target}`, unit), { minimum, maximum }),
    y: axis(withUnit(`Predicted ${target}`, unit), { minimum, maximum }),
    groups: results.map(({ label, result }, colour) => ({
      label,
      x: [...result.actual],
      y: [...result.predicted],
      colour,
      mark: 'circle',
    })),
    lines: [{ label: 'predicted = actual', x: [minimum, maximum], y: [minimum, maximum], dashed: true }],
  };
}

/** What is left of the target, over what was predicted. */
export function residualsFigure(
  results: readonly LabelledRegression[],
  target: string,
  { title, runIds }: Caption,
): Scatter {
  const unit = results[0]?.result.unit ?? null;
  const [low, high] = limitsOf(results.flatMap(({ result }) => [...result.predicted]));
  return {
    kind: 'scatter',
    title,
    runIds: [...runIds],
    x: axis(withUnit(`Predicted ${target}`, unit), { minimum: low, maximum: high }),
    y: axis(withUnit('Actual − predicted', unit)),
    groups: results.map(({ label, result }, colour) => ({
      label,
      x: [...result.predicted],
      y: Array.from(result.predicted, (value, i) => (result.actual[i] ?? Number.NaN) - value),
      colour,
      mark: 'circle',
    })),
    lines: [{ label: 'no error', x: [low, high], y: [0, 0], dashed: true }],
  };
}

/** Absolute error against the predicted standard deviation, with the lines of one and two of it. */
export function sigmaFigure(results: readonly LabelledRegression[], { title, runIds }: Caption): Scatter {
  const known = results.filter(({ result }) => result.sigma !== null);
  const unit = known[0]?.result.unit ?? null;
  const sigmas = known.flatMap(({ result }) => [...(result.sigma ?? [])]);
  const maximum = limitsOf([0, ...sigmas])[1];
  return {
    kind: 'scatter',
    title,
    runIds: [...runIds],
    x: axis(withUnit('Predicted σ', unit), { minimum: 0, maximum }),
    y: axis(withUnit('Absolute error', unit), { minimum: 0 }),
    groups: known.map(({ label, result }, colour) => ({
      label,
      x: [...(result.sigma ?? [])],
      y: Array.from(result.predicted, (value, i) => Math.abs(value - (result.actual[i] ?? Number.NaN))),
      colour,
      mark: 'circle',
    })),
    lines: [
      { label: 'error = σ', x: [0, maximum], y: [0, maximum], dashed: false },
      { label: 'error = 2 σ', x: [0, maximum], y: [0, 2 * maximum], dashed: true },
    ],
  };
}

/** Predicted standard deviation against how far a feature lies from its mean, in the feature's own unit. */
export function sigmaDistanceFigure(
  feature: { readonly name: string; readonly values: readonly number[] },
  { result, label }: LabelledRegression,
  { title, runIds }: Caption,
): Scatter {
  const mean = feature.values.reduce((sum, value) => sum + value, 0) / Math.max(1, feature.values.length);
  return {
    kind: 'scatter',
    title,
    runIds: [...runIds],
    x: axis(`Distance of ${feature.name} from its mean`, { minimum: 0 }),
    y: axis(withUnit('Predicted σ', result.unit), { minimum: 0 }),
    groups: [
      {
        label,
        x: feature.values.map((value) => Math.abs(value - mean)),
        y: [...(result.sigma ?? [])],
        colour: 0,
        mark: 'circle',
      },
    ],
    lines: [],
  };
}

/** Examples of a one-feature dataset. */
export interface CurvePoints {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** A fitted curve over its points, with a band of two predicted standard deviations where the net gives them. */
export function fittedCurveFigure(
  field: Extract<ModelField, { kind: 'line' }>,
  points: readonly CurvePoints[],
  names: { readonly x: string; readonly y: string },
  { title, runIds }: Caption,
): Lines {
  const { predicted, sigma } = field;
  const edge = (sign: 1 | -1): number[] =>
    Array.from(predicted, (value, i) => value + sign * 2 * (sigma?.[i] ?? 0));
  return {
    kind: 'lines',
    title,
    runIds: [...runIds],
    x: axis(names.x),
    y: axis(names.y),
    series: [
      ...points.map(({ label, x, y }, i) => ({
        label,
        x: [...x],
        y: [...y],
        style: 'markers' as const,
        colour: i + 1,
        band: null,
      })),
      {
        label: 'fit',
        x: [...field.x],
        y: [...predicted],
        style: 'solid' as const,
        colour: 0,
        band: sigma === null ? null : { low: edge(-1), high: edge(1) },
      },
    ],
  };
}
