import { axis } from '../../../shared/figures/builders/axis.ts';
import type { DatasetStatistics } from '../../../shared/schema/explore.ts';
import type { FigureSpec } from '../../../shared/schema/figure.ts';
import type { PointColours } from './point-colours.ts';
import type { Points } from './scatter.ts';

/** What a scatter is printed with. */
export interface PrintedScatter {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly points: Points;
  readonly paint: Pick<PointColours, 'codes' | 'key'>;
}

/** A scatter for print: a group per entry of its key, those without points left out; one of all where it is a scale. */
export function scatterFigure({ title, xTitle, yTitle, points, paint }: PrintedScatter): FigureSpec {
  const labels = paint.key.length === 0 ? ['examples'] : paint.key.map(({ label }) => label);
  const groups = labels.flatMap((label, colour) => {
    const own = Array.from(points.x.keys()).filter(
      (at) => paint.key.length === 0 || paint.codes[at] === colour,
    );
    const numbers = (values: Float32Array) => own.map((at) => values[at]!);
    return own.length === 0
      ? []
      : [{ label, colour, x: numbers(points.x), y: numbers(points.y), mark: 'circle' as const }];
  });
  return { kind: 'scatter', title, runIds: [], x: axis(xTitle), y: axis(yTitle), groups, lines: [] };
}

/** Mean and standard deviation of each class for print: a picture each, means before deviations. */
export function classImagesFigure(
  classes: readonly string[],
  shape: readonly number[],
  images: NonNullable<DatasetStatistics['classImages']>,
): FigureSpec | null {
  const [height = 1, width = 1, channels = 1] = shape;
  if (channels !== 1 && channels !== 3) return null;
  const size = height * width * channels;
  const pictures = (values: Float32Array, what: string, map: 'grey' | 'viridis') =>
    classes.map((name, label) => ({
      label: `${name}, ${what}`,
      height,
      width,
      channels: channels === 3 ? (3 as const) : (1 as const),
      values: new Float32Array(values.subarray(label * size, (label + 1) * size)),
      minimum: 0,
      maximum: values.reduce((most, value) => Math.max(most, value), 0),
      map,
      box: null,
    }));
  return {
    kind: 'images',
    title: 'Mean and standard deviation of each class',
    runIds: [],
    columns: classes.length,
    images: [
      ...pictures(images.mean, 'mean', 'grey'),
      ...pictures(images.standardDeviation, 'deviation', channels === 1 ? 'viridis' : 'grey'),
    ],
    scaleBar: false,
  };
}
