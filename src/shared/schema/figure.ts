import { z } from 'zod';
import { runId } from './run.ts';

const float32Array = z.instanceof(Float32Array<ArrayBuffer>);
const uint8Array = z.instanceof(Uint8Array<ArrayBuffer>);

/** A number axis; limits null to follow the data. `percent` writes shares as per cent. */
export const figureAxis = z.strictObject({
  title: z.string(),
  scale: z.enum(['linear', 'log']).default('linear'),
  percent: z.boolean().default(false),
  minimum: z.number().nullable().default(null),
  maximum: z.number().nullable().default(null),
  /** Names at 0, 1, 2 ... instead of numbers, for settings that are words or a few values. */
  categories: z.array(z.string()).nullable().default(null),
});
export type FigureAxis = z.infer<typeof figureAxis>;

/** Place in the house's palette (Okabe-Ito order, then generated), so that print can choose its own shades. */
const colour = z.int().nonnegative();
const numbers = z.array(z.number().nullable());

const common = {
  title: z.string(),
  /** Of the runs it shows: they go into the file's metadata and, if wanted, a caption line. */
  runIds: z.array(runId),
};
const axes = { x: figureAxis, y: figureAxis };

export const linesFigure = z.strictObject({
  kind: z.literal('lines'),
  ...common,
  ...axes,
  series: z.array(
    z.strictObject({
      label: z.string(),
      x: numbers,
      y: numbers,
      /** Train dashed and thinner, dev solid, test markers; "faint" for the raw line under a smoothed one. */
      style: z.enum(['solid', 'dashed', 'markers', 'faint']),
      colour,
      /** Lower and upper edge around it, e.g. a 95 % interval. */
      band: z.strictObject({ low: numbers, high: numbers }).nullable().default(null),
    }),
  ),
});

export const scatterFigure = z.strictObject({
  kind: z.literal('scatter'),
  ...common,
  ...axes,
  groups: z.array(
    z.strictObject({
      label: z.string(),
      x: z.array(z.number()),
      y: z.array(z.number()),
      colour,
      mark: z.enum(['circle', 'diamond', 'ring']).default('circle'),
    }),
  ),
  /** Guides such as "predicted = actual". */
  lines: z
    .array(
      z.strictObject({
        label: z.string(),
        x: z.array(z.number()),
        y: z.array(z.number()),
        dashed: z.boolean(),
      }),
    )
    .default([]),
});

export const barsFigure = z.strictObject({
  kind: z.literal('bars'),
  ...common,
  categories: z.array(z.string()),
  y: figureAxis,
  groups: z.array(z.strictObject({ label: z.string(), values: numbers, colour })),
});

/** Counts between edges; "offset" draws one above the other, as over epochs, "overlay" all over another. */
export const histogramFigure = z.strictObject({
  kind: z.literal('histogram'),
  ...common,
  x: figureAxis,
  mode: z.enum(['offset', 'overlay']),
  layers: z.array(
    z.strictObject({
      label: z.string(),
      minimum: z.number(),
      maximum: z.number(),
      counts: z.array(z.number()),
    }),
  ),
});

export const matrixFigure = z.strictObject({
  kind: z.literal('matrix'),
  ...common,
  rowTitle: z.string(),
  columnTitle: z.string(),
  rows: z.array(z.string()),
  columns: z.array(z.string()),
  /** [rows, columns] flat. */
  values: numbers,
  scale: z.enum(['sequential', 'signed']),
  /** How a cell's number is written; "none" leaves it out. */
  text: z.enum(['count', 'percent', 'number', 'none']),
});

export const imagesFigure = z.strictObject({
  kind: z.literal('images'),
  ...common,
  columns: z.int().min(1),
  images: z.array(
    z.strictObject({
      label: z.string(),
      height: z.int().positive(),
      width: z.int().positive(),
      /** 1 for a map of numbers, 3 for red, green, blue. */
      channels: z.union([z.literal(1), z.literal(3)]),
      /** [height, width, channels]; bytes are shown as they are, numbers between minimum and maximum. */
      values: z.union([uint8Array, float32Array]),
      minimum: z.number(),
      maximum: z.number(),
      map: z.enum(['grey', 'viridis', 'signed']),
      /** Drawn around a part of it, in pixels: top, left, bottom, right. */
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable().default(null),
    }),
  ),
  /** Show the colour map's scale beside them. */
  scaleBar: z.boolean().default(false),
});

/** A decision boundary: areas of a field under points. */
export const planeFigure = z.strictObject({
  kind: z.literal('plane'),
  ...common,
  ...axes,
  side: z.int().min(2),
  channels: z.int().positive(),
  /** [side (y), side (x), channels] between the axes' limits. */
  values: float32Array,
  classes: z.array(z.string()),
  points: z.array(
    z.strictObject({
      x: z.number(),
      y: z.number(),
      label: z.number(),
      split: z.enum(['train', 'dev', 'test']),
    }),
  ),
});

/** Bands of a value over two settings, under the points it was measured at. */
export const contourFigure = z.strictObject({
  kind: z.literal('contour'),
  ...common,
  ...axes,
  /** What the bands stand for. */
  value: z.string(),
  bands: z.int().positive(),
  side: z.int().min(2),
  /**
   * [side (y), side (x)], in the middles of equal cells from the start of an axis to its end (from the first name to the
   * last), even on the axis as it is drawn; NaN where nothing is known.
   */
  values: float32Array,
  points: z.strictObject({ x: z.array(z.number()), y: z.array(z.number()) }),
});

export const parallelFigure = z.strictObject({
  kind: z.literal('parallel'),
  ...common,
  axes: z.array(
    z.strictObject({ title: z.string(), categories: z.array(z.string()).nullable(), log: z.boolean() }),
  ),
  /** Per line a value on each axis (the place of a category), null where it has none. */
  lines: z.array(z.strictObject({ label: z.string(), values: numbers, colourShare: z.number().nullable() })),
});

const single = z.discriminatedUnion('kind', [
  linesFigure,
  scatterFigure,
  barsFigure,
  histogramFigure,
  matrixFigure,
  imagesFigure,
  planeFigure,
  contourFigure,
  parallelFigure,
]);

/** Figures side by side under one title. */
export const panelsFigure = z.strictObject({
  kind: z.literal('panels'),
  ...common,
  columns: z.int().min(1),
  figures: z.array(single).min(1),
});

/** A figure as data: what is drawn, not how. Drawn on the screen by panels, for print by src/shared/figures. */
export const figureSpec = z.discriminatedUnion('kind', [...single.options, panelsFigure]);
export type FigureSpec = z.infer<typeof figureSpec>;
export type SingleFigure = z.infer<typeof single>;

/** How a figure is drawn for print: one column (84 mm) or two (174 mm). */
export const printOptions = z.strictObject({
  widthMm: z.union([z.literal(84), z.literal(174)]).default(84),
  dpi: z.int().min(36).max(1_200).default(300),
  /** A line under the figure with run ids and version. */
  caption: z.boolean().default(false),
  /** The title above the figure; off where the page has a caption of its own. */
  heading: z.boolean().default(true),
});
export type PrintOptions = z.infer<typeof printOptions>;

export const figureFormat = z.enum(['svg', 'png', 'pdf', 'csv']);
export type FigureFormat = z.infer<typeof figureFormat>;

/** A table as data. Numbers are given as numbers, with the digits they deserve. */
export const tableSpec = z.strictObject({
  title: z.string(),
  runIds: z.array(runId),
  columns: z.array(z.strictObject({ title: z.string(), align: z.enum(['left', 'right']) })).min(1),
  /** Text as it is to be read; null for what was not measured. */
  rows: z.array(z.array(z.string().nullable())),
});
export type TableSpec = z.infer<typeof tableSpec>;

export const tableFormat = z.enum(['latex', 'markdown', 'csv']);
export type TableFormat = z.infer<typeof tableFormat>;

/** A figure under the name its file gets. */
export const namedFigure = z.strictObject({ name: z.string(), figure: figureSpec });
export const namedTable = z.strictObject({ name: z.string(), table: tableSpec });

/** A file to be saved where the user wants it. */
export const exportedFile = z.strictObject({
  name: z.string(),
  mediaType: z.string(),
  bytes: uint8Array,
});
export type ExportedFile = z.infer<typeof exportedFile>;

export const modelFormat = z.enum(['tfjs', 'saved-model', 'onnx']);
export type ModelFormat = z.infer<typeof modelFormat>;
