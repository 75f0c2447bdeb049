import type { SingleFigure } from '../../schema/figure.ts';
import type { Attribution, FeatureMaps, LayerFilters, Maximisation } from '../../schema/inspection.ts';
import type { ClassificationResult, ExamplePage } from '../../schema/results.ts';
import type { Caption } from './classification.ts';

export type ImagesFigure = Extract<SingleFigure, { kind: 'images' }>;
type Picture = ImagesFigure['images'][number];

const asChannels = (count: number): 1 | 3 => (count === 3 ? 3 : 1);

/** The nth example of a page as a picture. */
export function examplePicture(
  page: { readonly shape: readonly number[]; readonly values: ExamplePage['values'] },
  index: number,
  label: string,
): Picture {
  const [height = 1, width = 1, channels = 1] = page.shape;
  const size = height * width * channels;
  const values = page.values.slice(index * size, (index + 1) * size);
  const isBytes = page.values instanceof Uint8Array;
  const picture = {
    label,
    height,
    width,
    channels: asChannels(channels),
    values,
    map: 'grey',
    box: null,
  } as const;
  return { ...picture, minimum: 0, maximum: isBytes ? 255 : 1 };
}

function pictures(
  images: Picture[],
  columns: number,
  { title, runIds }: Caption,
  scaleBar = false,
): ImagesFigure {
  return { kind: 'images', title, runIds: [...runIds], columns, images, scaleBar };
}

/** Examples with their class beneath, e.g. the first forty of a dataset. */
export function examplesFigure(
  page: ExamplePage,
  classes: readonly string[],
  caption: Caption,
  columns = 8,
): ImagesFigure {
  const labels = page.targets[0];
  const images = Array.from(page.rows, (_, i) => {
    const label = labels?.[i];
    return examplePicture(page, i, label === undefined ? '' : (classes[label] ?? String(label)));
  });
  return pictures(images, columns, caption);
}

/** Positions in a result's columns of the examples named wrong, the most confident first. */
export function confidentMistakes(
  { actual, predicted, confidence }: ClassificationResult,
  count: number,
): number[] {
  const wrong: number[] = [];
  actual.forEach((label, i) => {
    if (predicted[i] !== label) wrong.push(i);
  });
  return wrong.sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0) || a - b).slice(0, count);
}

/** Mistakes with "actual → predicted" beneath; the page holds the rows at `positions`, in their order. */
export function mistakesFigure(
  { classes, actual, predicted }: ClassificationResult,
  positions: readonly number[],
  page: ExamplePage,
  caption: Caption,
  columns = 5,
): ImagesFigure {
  const name = (label: number | undefined): string =>
    label === undefined ? '' : (classes[label] ?? String(label));
  const images = positions.map((position, i) =>
    examplePicture(page, i, `${name(actual[position])} → ${name(predicted[position])}`),
  );
  return pictures(images, columns, caption);
}

/** As large as the largest number of either sign, so that zero is white. */
function reachOf(minimum: number, maximum: number): number {
  return Math.max(Math.abs(minimum), Math.abs(maximum)) || 1;
}

/** Kernels of a convolution: in colour for three inputs, else the mean over inputs or each input's part alone. */
export function filtersFigure(
  { shape, values, minimum, maximum }: LayerFilters,
  caption: Caption,
  limit = 64,
): ImagesFigure {
  const [height, width, inputs, outputs] = shape;
  const reach = reachOf(minimum, maximum);
  const at = (y: number, x: number, input: number, output: number): number =>
    values[((y * width + x) * inputs + input) * outputs + output] ?? 0;
  const cells = kernelCells(inputs, outputs, limit);
  const channels = inputs === 3 ? 3 : 1;
  const images = cells.map(({ output, input }): Picture => {
    const kernel = Float32Array.from({ length: height * width * channels }, (_, i) => {
      const pixel = Math.floor(i / channels);
      return at(Math.floor(pixel / width), pixel % width, channels === 3 ? i % 3 : input, output);
    });
    const label = inputs === 1 || inputs === 3 ? String(output) : `${output} of ${input}`;
    return {
      label,
      height,
      width,
      channels,
      values: kernel,
      minimum: -reach,
      maximum: reach,
      map: 'signed',
      box: null,
    };
  });
  return pictures(images, inputs === 1 || inputs === 3 ? 8 : Math.min(8, inputs), caption, channels === 1);
}

/** Each output's kernel once for one input or three, else the first outputs' parts for their first inputs. */
function kernelCells(inputs: number, outputs: number, limit: number): { output: number; input: number }[] {
  if (inputs === 1 || inputs === 3) {
    return Array.from({ length: Math.min(outputs, limit) }, (_, output) => ({ output, input: 0 }));
  }
  const across = Math.min(8, inputs);
  const down = Math.max(1, Math.min(outputs, Math.floor(limit / across)));
  return Array.from({ length: down * across }, (_, i) => ({
    output: Math.floor(i / across),
    input: i % across,
  }));
}

/** Maps of a layer for one example: its first units in order, or with `strongest` those that answer most. */
export function featureMapsFigure(
  { shape, values, order, minimum, maximum }: FeatureMaps,
  caption: Caption,
  { count = 8, strongest = false }: { readonly count?: number; readonly strongest?: boolean } = {},
): ImagesFigure | null {
  const [height, width, units] = shape;
  if (height === undefined || width === undefined || units === undefined) return null;
  const shown = Array.from({ length: Math.min(count, units) }, (_, i) => (strongest ? (order[i] ?? i) : i));
  const images = shown.map((unit): Picture => {
    const map = Float32Array.from({ length: height * width }, (_, i) => values[i * units + unit] ?? 0);
    return {
      label: `unit ${unit}`,
      height,
      width,
      channels: 1,
      values: map,
      minimum,
      maximum,
      map: 'viridis',
      box: null,
    };
  });
  return pictures(images, 8, caption, true);
}

/** What excites units: as it was found in the first row, and with its contrast enhanced in the second. */
export function maximisedFigure(found: readonly Maximisation[], caption: Caption): ImagesFigure {
  const frameOf = ({ shape: [height = 1, width = 1, channels = 1] }: Maximisation) =>
    ({ height, width, channels: asChannels(channels), map: 'grey', box: null }) as const;
  const raw = found.map((one): Picture => {
    const [minimum, maximum] = rangeOf(one.raw);
    return { ...frameOf(one), label: `unit ${one.unit}, raw`, values: one.raw, minimum, maximum };
  });
  const enhanced = found.map((one): Picture => {
    const label = `unit ${one.unit}, enhanced`;
    return { ...frameOf(one), label, values: one.enhanced, minimum: 0, maximum: 1 };
  });
  return pictures([...raw, ...enhanced], Math.max(1, found.length), caption);
}

function rangeOf(values: Float32Array): [number, number] {
  return [
    values.reduce((least, value) => Math.min(least, value), Infinity),
    values.reduce((most, value) => Math.max(most, value), -Infinity),
  ];
}

/** An example beside maps of what bears on its class. */
export function attributionFigure(
  example: Picture,
  found: readonly Attribution[],
  classes: readonly string[],
  caption: Caption,
): ImagesFigure {
  const maps = found.map(({ method, shape, values, classIndex }): Picture => {
    const [height, width] = shape;
    const [low, high] = rangeOf(values);
    const reach = reachOf(low, high);
    const isSigned = low < 0;
    return {
      label: `${method}: ${classes[classIndex] ?? classIndex}`,
      height,
      width,
      channels: 1,
      values,
      minimum: isSigned ? -reach : 0,
      maximum: reach,
      map: isSigned ? 'signed' : 'viridis',
      box: null,
    };
  });
  return pictures([example, ...maps], 4, caption);
}
