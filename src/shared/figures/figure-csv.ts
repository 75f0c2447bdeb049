import type { FigureSpec, SingleFigure } from '../schema/figure.ts';
import { contourScales, valueAlong } from './kinds/contour.ts';
import { writeCsvText, type CsvCell } from './csv-text.ts';

interface Table {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

/**
 * The numbers of a figure, one observation per row. Panels of one kind share a table whose first column names the panel;
 * panels of unlike kinds follow each other with a blank line between.
 */
export function writeFigureCsv(figure: FigureSpec): string {
  if (figure.kind !== 'panels') return writeTable(tableOf(figure));
  const tables = figure.figures.map((one, i) => withPanel(one.title || `panel ${i + 1}`, tableOf(one)));
  const groups = new Map<string, Table>();
  for (const table of tables) {
    const key = table.heading.join(',');
    const rows = [...(groups.get(key)?.rows ?? []), ...table.rows];
    groups.set(key, { heading: table.heading, rows });
  }
  return [...groups.values()].map(writeTable).join('\r\n');
}

function writeTable({ heading, rows }: Table): string {
  return writeCsvText(heading, rows);
}

function withPanel(title: string, { heading, rows }: Table): Table {
  return { heading: ['panel', ...heading], rows: rows.map((row) => [title, ...row]) };
}

function tableOf(figure: SingleFigure): Table {
  switch (figure.kind) {
    case 'lines':
      return linesTable(figure);
    case 'scatter':
      return scatterTable(figure);
    case 'bars':
      return barsTable(figure);
    case 'histogram':
      return histogramTable(figure);
    case 'matrix':
      return matrixTable(figure);
    case 'images':
      return imagesTable(figure);
    case 'plane':
      return planeTable(figure);
    case 'contour':
      return contourTable(figure);
    case 'parallel':
      return parallelTable(figure);
  }
}

type Kind<K extends SingleFigure['kind']> = Extract<SingleFigure, { kind: K }>;

function linesTable({ series, x, y }: Kind<'lines'>): Table {
  const hasBand = series.some(({ band }) => band !== null);
  const rows = series.flatMap((one) =>
    one.x.map((place, i) => [
      one.label,
      place,
      one.y[i] ?? null,
      ...(hasBand ? [one.band?.low[i] ?? null, one.band?.high[i] ?? null] : []),
    ]),
  );
  return { heading: ['series', x.title, y.title, ...(hasBand ? ['low', 'high'] : [])], rows };
}

function scatterTable({ groups, x, y }: Kind<'scatter'>): Table {
  const rows = groups.flatMap((one) => one.x.map((place, i) => [one.label, place, one.y[i] ?? null]));
  return { heading: ['group', x.title, y.title], rows };
}

function barsTable({ categories, groups }: Kind<'bars'>): Table {
  const rows = categories.map((name, i) => [name, ...groups.map(({ values }) => values[i] ?? null)]);
  return { heading: ['category', ...groups.map(({ label }) => label)], rows };
}

function histogramTable({ layers }: Kind<'histogram'>): Table {
  const rows = layers.flatMap(({ label, minimum, maximum, counts }) => {
    const step = (maximum - minimum) / Math.max(1, counts.length);
    return counts.map((count, i) => [label, minimum + i * step, minimum + (i + 1) * step, count]);
  });
  return { heading: ['histogram', 'from', 'to', 'count'], rows };
}

function matrixTable({ rows, columns, values, rowTitle }: Kind<'matrix'>): Table {
  return {
    heading: [rowTitle, ...columns],
    rows: rows.map((name, row) => [
      name,
      ...columns.map((_, column) => values[row * columns.length + column] ?? null),
    ]),
  };
}

function imagesTable({ images }: Kind<'images'>): Table {
  const rows = images.flatMap(({ label, width, channels, values }, index) =>
    Array.from(values, (value, at) => {
      const pixel = Math.floor(at / channels);
      return [index, label, Math.floor(pixel / width), pixel % width, at % channels, value];
    }),
  );
  return { heading: ['image', 'label', 'row', 'column', 'channel', 'value'], rows };
}

function planeTable({ x, y, side, channels, values, classes, points }: Kind<'plane'>): Table {
  const along = (axis: typeof x, at: number): number => {
    const [low, high] = [axis.minimum ?? 0, axis.maximum ?? 1];
    return low + (at / (side - 1)) * (high - low);
  };
  const names = Array.from({ length: channels }, (_, channel) => classes[channel] ?? 'prediction');
  const field = Array.from({ length: side * side }, (_, at) => [
    'field',
    along(x, at % side),
    along(y, Math.floor(at / side)),
    ...names.map((_, channel) => values[at * channels + channel] ?? null),
    null,
  ]);
  const nothing = names.map(() => null);
  const examples = points.map((point) => [
    point.split,
    point.x,
    point.y,
    ...nothing,
    classes[point.label] ?? point.label,
  ]);
  return { heading: ['what', x.title, y.title, ...names, 'label'], rows: [...field, ...examples] };
}

function contourTable(figure: Kind<'contour'>): Table {
  const [xScale, yScale] = contourScales(figure);
  const { x, y, value, side, values, points } = figure;
  const middle = (axis: typeof x, scale: typeof xScale, cell: number): number =>
    valueAlong(axis, scale, (cell + 0.5) / side);
  const cells = Array.from(values, (mean, at) => [
    'mean',
    middle(x, xScale, at % side),
    middle(y, yScale, Math.floor(at / side)),
    Number.isNaN(mean) ? null : mean,
  ]);
  const measured = points.x.map((across, i) => ['point', across, points.y[i] ?? null, null]);
  return { heading: ['what', x.title, y.title, value], rows: [...cells, ...measured] };
}

function parallelTable({ axes, lines }: Kind<'parallel'>): Table {
  const rows = lines.map(({ label, values }) => [
    label,
    ...axes.map(({ categories }, i) => {
      const value = values[i] ?? null;
      return value === null ? null : (categories?.[value] ?? value);
    }),
  ]);
  return { heading: ['line', ...axes.map(({ title }) => title)], rows };
}
