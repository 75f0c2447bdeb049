import { figureSpec, type FigureSpec } from '../../../src/shared/schema/figure.ts';

const RUNS = ['01k0sample0a', '01k0sample0b'];
const CLASSES = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];
const COLUMNS = ['OverallQual', 'YearBuilt', 'TotalBsmtSF', 'GrLivArea', 'SalePrice'];

/** f(0), f(1), ... */
function list<T>(count: number, f: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => f(index));
}

/** Numbers that look like noise but are the same everywhere: rounded, so that no library's last bit shows. */
function wave(index: number): number {
  return Number(Math.sin(index * 12.9898).toFixed(6));
}

const epochs = list(20, (i) => i + 1);
const falling = (from: number, to: number, length: number): number[] =>
  epochs.map((epoch) => Number((to + (from - to) * Math.exp(-epoch / length)).toFixed(6)));

const curves = {
  kind: 'lines',
  title: 'Loss & accuracy <of a run>',
  runIds: RUNS.slice(0, 1),
  x: { title: 'Epoch' },
  y: { title: 'Loss' },
  series: [
    { label: 'train', x: epochs, y: falling(1.2, 0.1, 6), style: 'dashed', colour: 0 },
    { label: 'dev', x: epochs, y: falling(1.1, 0.25, 6), style: 'solid', colour: 0 },
    { label: 'test', x: [20], y: [0.31], style: 'markers', colour: 0 },
  ],
};

const accuracy = {
  ...curves,
  title: 'Accuracy',
  y: { title: 'Accuracy', percent: true },
  series: [
    { label: 'train', x: epochs, y: falling(0.2, 0.98, 5), style: 'dashed', colour: 0 },
    { label: 'dev', x: epochs, y: falling(0.2, 0.9, 5), style: 'solid', colour: 0 },
    { label: 'test', x: [20], y: [0.91], style: 'markers', colour: 0 },
  ],
};

const bands = {
  kind: 'lines',
  title: 'Means over seeds, with gaps',
  runIds: RUNS,
  x: { title: 'Epoch' },
  y: { title: 'Accuracy', percent: true },
  series: list(4, (k) => {
    const y = falling(0.2, 0.95 - 0.05 * k, 3 + k).map((value, i) => (k === 3 && i === 9 ? null : value));
    const shifted = (by: number) => y.map((value) => (value === null ? null : value + by));
    return {
      label: `variant ${k} (n = 5)`,
      x: epochs,
      y,
      style: 'solid',
      colour: k,
      band: k < 2 ? { low: shifted(-0.02), high: shifted(0.02) } : null,
    };
  }),
};

const logarithmic = {
  kind: 'lines',
  title: 'Signal through layers',
  runIds: RUNS,
  x: { title: 'Layer' },
  y: { title: 'RMS of activations', scale: 'log' },
  series: list(3, (k) => ({
    label: ['He', 'normal', 'uniform'][k],
    x: epochs,
    y: epochs.map((epoch) => Number((10 ** ((-epoch * k) / 3)).toPrecision(6))),
    style: 'solid',
    colour: k,
  })),
};

const categories = {
  kind: 'lines',
  title: 'A sweep',
  runIds: RUNS,
  x: { title: 'Activation', categories: ['relu', 'sigmoid', 'tanh'] },
  y: { title: 'RMSE' },
  series: [
    { label: 'narrow', x: [0, 1, 2], y: [33_100, 34_800, 33_900], style: 'faint', colour: 0 },
    { label: 'wide', x: [0, 1, 2], y: [31_900, 35_200, 34_400], style: 'faint', colour: 0 },
    { label: 'mean', x: [0, 1, 2], y: [32_500, 35_000, 34_150], style: 'solid', colour: 1 },
  ],
};

const scatter = {
  kind: 'scatter',
  title: 'Predicted against actual',
  runIds: RUNS,
  x: { title: 'Actual (USD)', minimum: 0, maximum: 600_000 },
  y: { title: 'Predicted (USD)', minimum: 0, maximum: 600_000 },
  groups: [
    {
      label: 'dev',
      x: list(40, (i) => 60_000 + 10_000 * i),
      y: list(40, (i) => 60_000 + 10_000 * i + 30_000 * wave(i)),
      colour: 0,
    },
    {
      label: 'test',
      x: list(30, (i) => 70_000 + 12_000 * i),
      y: list(30, (i) => 70_000 + 12_000 * i + 40_000 * wave(i + 50)),
      colour: 1,
      mark: 'ring',
    },
  ],
  lines: [{ label: 'predicted = actual', x: [0, 600_000], y: [0, 600_000], dashed: true }],
};

const bars = {
  kind: 'bars',
  title: 'Examples of each class',
  runIds: [],
  categories: CLASSES,
  y: { title: 'Examples', minimum: 0 },
  groups: ['train', 'dev', 'test'].map((label, k) => ({
    label,
    values: CLASSES.map((_, i) => (k === 2 && i === 3 ? null : [4_800, 1_200, 1_000][k]! + 20 * i)),
    colour: k,
  })),
};

const histogramLayer = (label: string, width: number) => ({
  label,
  minimum: -1,
  maximum: 1,
  counts: list(40, (i) => Math.round(1_000 * Math.exp(-(((i - 19.5) / width) ** 2)))),
});

const histogramOffset = {
  kind: 'histogram',
  title: 'Weights over epochs',
  runIds: RUNS,
  x: { title: 'Weight' },
  mode: 'offset',
  layers: list(11, (k) => histogramLayer(`epoch ${k}`, 4 + k)),
};

const histogramOverlay = {
  kind: 'histogram',
  title: 'Weights before and after',
  runIds: RUNS,
  x: { title: 'Weight' },
  mode: 'overlay',
  layers: [histogramLayer('before training', 4), histogramLayer('after training', 9)],
};

const confusion = {
  kind: 'matrix',
  title: 'Confusion on test',
  runIds: RUNS,
  rowTitle: 'Actual',
  columnTitle: 'Predicted',
  rows: CLASSES,
  columns: CLASSES,
  values: list(100, (i) => (Math.floor(i / 10) === i % 10 ? 900 + (i % 7) : (i * 37) % 23)),
  scale: 'sequential',
  text: 'count',
};

const correlation = {
  kind: 'matrix',
  title: 'Correlation',
  runIds: [],
  rowTitle: '',
  columnTitle: '',
  rows: COLUMNS,
  columns: COLUMNS,
  values: list(25, (i) => (i % 6 === 0 ? 1 : i === 3 ? null : 0.8 * wave(i))),
  scale: 'signed',
  text: 'number',
};

const pictures = {
  kind: 'images',
  title: 'First examples',
  runIds: [],
  columns: 6,
  images: list(8, (k) => ({
    label: CLASSES[k + 2],
    height: 6,
    width: 6,
    channels: k === 0 ? 3 : 1,
    values: Uint8Array.from(list(k === 0 ? 108 : 36, (i) => (i * (k + 3) * 7) % 256)),
    minimum: 0,
    maximum: 255,
    map: 'grey',
    box: k === 1 ? [1, 1, 4, 7] : null,
  })),
};

const filters = {
  kind: 'images',
  title: 'Kernels',
  runIds: RUNS,
  columns: 8,
  images: list(16, (k) => ({
    label: String(k),
    height: 3,
    width: 3,
    channels: 1,
    values: Float32Array.from(list(9, (i) => wave(i + 9 * k))),
    minimum: -1,
    maximum: 1,
    map: 'signed',
  })),
  scaleBar: true,
};

const SIDE = 24;
const field = list(SIDE * SIDE, (i) => {
  const x = ((i % SIDE) / (SIDE - 1)) * 4 - 2;
  const y = (Math.floor(i / SIDE) / (SIDE - 1)) * 4 - 2;
  return Number((1 / (1 + Math.exp(-3 * (x * x + y * y - 1.5)))).toFixed(6));
});

const plane = {
  kind: 'plane',
  title: 'Decision boundary',
  runIds: RUNS,
  x: { title: 'x', minimum: -2, maximum: 2 },
  y: { title: 'y', minimum: -2, maximum: 2 },
  side: SIDE,
  channels: 2,
  values: Float32Array.from(field.flatMap((p) => [1 - p, p])),
  classes: ['inner', 'outer'],
  points: list(60, (i) => ({
    x: (i % 2 === 0 ? 0.8 : 1.6) * wave(i),
    y: (i % 2 === 0 ? 0.8 : 1.6) * wave(i + 100),
    label: i % 2,
    split: i % 4 < 2 ? 'train' : 'test',
  })),
};

const surface = {
  ...plane,
  title: 'Fitted surface',
  channels: 1,
  values: Float32Array.from(field),
  classes: [],
};

const CELLS = 16;
/** Lowest at a learning rate of 0.01 with few units; nothing is known of large rates with many. */
const bowl = list(CELLS * CELLS, (at) => {
  const [across, up] = [((at % CELLS) + 0.5) / CELLS, (Math.floor(at / CELLS) + 0.5) / CELLS];
  return across + up > 1.6 ? Number.NaN : 0.1 + (across - 2 / 3) ** 2 + 0.3 * (up - 0.25) ** 2;
});

const contour = {
  kind: 'contour',
  title: 'Mean dev loss',
  runIds: RUNS,
  x: { title: 'Learning rate', scale: 'log', minimum: 1e-4, maximum: 0.1 },
  y: { title: 'Units', categories: ['20', '50', '100'] },
  value: 'Mean dev loss',
  bands: 8,
  side: CELLS,
  values: Float32Array.from(bowl),
  points: {
    x: list(30, (i) => Number((1e-4 * 10 ** (i / 10)).toPrecision(6))),
    y: list(30, (i) => (i * 7) % 3),
  },
};

const parallel = {
  kind: 'parallel',
  title: 'A search',
  runIds: RUNS,
  axes: [
    { title: 'optimizer', categories: ['adam', 'sgd'], log: false },
    { title: 'learning rate', categories: null, log: true },
    { title: 'batch size', categories: null, log: false },
    { title: 'dev accuracy', categories: null, log: false },
  ],
  lines: list(20, (i) => ({
    label: `trial ${i}`,
    values: [
      i % 2,
      [1e-4, 3e-4, 1e-3, 1e-2][i % 4],
      i === 7 ? null : 16 * (1 + (i % 3)),
      0.8 + 0.1 * wave(i),
    ],
    colourShare: i === 3 ? null : i / 19,
  })),
};

const panels = {
  kind: 'panels',
  title: 'Learning curves',
  runIds: RUNS.slice(0, 1),
  columns: 2,
  figures: [{ ...curves, title: 'Loss' }, accuracy],
};

const all = {
  curves,
  bands,
  logarithmic,
  categories,
  scatter,
  bars,
  'histogram-offset': histogramOffset,
  'histogram-overlay': histogramOverlay,
  confusion,
  correlation,
  pictures,
  filters,
  plane,
  surface,
  contour,
  parallel,
  panels,
};

/** A figure or more of every kind, by name. */
export const samples: readonly (readonly [string, FigureSpec])[] = Object.entries(all).map(
  ([name, figure]) => [name, figureSpec.parse(figure)] as const,
);
