import type { UnitWalk } from '../../shared/schema/inspection.ts';
import type { LayerSummary, ModelSummary } from '../../shared/schema/model.ts';

/** A unit of a layer at a place of its map; row and column are 0 in a flat layer. */
export interface UnitPlace {
  readonly layer: string;
  readonly unit: number;
  readonly row: number;
  readonly column: number;
}

/** Height, width and units of a layer; a flat layer is a map of one place. */
export function extentOf({
  outputShape,
}: LayerSummary): readonly [height: number, width: number, units: number] {
  const [first = 1, second = 1, third = 1] = outputShape;
  return outputShape.length === 3 ? [first, second, third] : [1, 1, first];
}

const within = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at));

/** The nearest place that the layer has. */
export function placeIn(layer: LayerSummary, unit: number, row: number, column: number): UnitPlace {
  const [height, width, units] = extentOf(layer);
  return {
    layer: layer.name,
    unit: within(unit, units),
    row: within(row, height),
    column: within(column, width),
  };
}

/** The middle of a unit's map. */
export function middleOf(layer: LayerSummary, unit: number): UnitPlace {
  const [height, width] = extentOf(layer);
  return placeIn(layer, unit, Math.floor(height / 2), Math.floor(width / 2));
}

/** The layer of that name, or null; "input" is none. */
export function layerOf({ layers }: ModelSummary, name: string): LayerSummary | null {
  return layers.find((layer) => layer.name === name) ?? null;
}

/** The layers that read a layer, in their order. */
export function readersOf({ layers }: ModelSummary, name: string): LayerSummary[] {
  const index = layers.findIndex((layer) => layer.name === name);
  return layers.filter(({ inputs }, at) => (inputs.length === 0 ? at === index + 1 : inputs.includes(name)));
}

/** Names of the layers that a layer reads; "input" for the example. */
export function sourcesOf({ layers }: ModelSummary, name: string): readonly string[] {
  const index = layers.findIndex((layer) => layer.name === name);
  const { inputs = [] } = layers[index] ?? {};
  return inputs.length > 0 ? inputs : [layers[index - 1]?.name ?? 'input'];
}

/** The position of the number that is largest in size. */
function strongest(values: ArrayLike<number>): number {
  let found = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]!) > Math.abs(values[found]!)) found = i;
  }
  return found;
}

type Window = Extract<UnitWalk, { kind: 'convolution' }>['window'];

/** Where in a window the pool's number comes from: its largest, or the middle of a mean. */
function pooledAt({
  mode,
  patch,
  shape,
  window,
  result,
}: Extract<UnitWalk, { kind: 'pool' }>): [number, number] {
  const [height, width] = shape;
  const found = mode === 'max' ? patch.findIndex((value) => value === result) : -1;
  const at = found < 0 ? Math.floor(height / 2) * width + Math.floor(width / 2) : found;
  return [window.top + Math.floor(at / width), window.left + (at % width)];
}

function middleOfWindow({ top, left, bottom, right }: Window): [number, number] {
  return [Math.floor((top + bottom - 1) / 2), Math.floor((left + right - 1) / 2)];
}

/** The largest products' input of a dense step. */
function heaviestInput({ inputs, weights }: Extract<UnitWalk, { kind: 'dense' }>): number {
  return strongest(inputs.map((input, i) => input * weights[i]!));
}

/**
 * Where a step's number mostly comes from, in the layer that it reads: of a convolution the channel that adds most, of a
 * dense layer the input that does; null where that is the example or the layer itself.
 */
export function sourceOf(model: ModelSummary, at: UnitPlace, step: UnitWalk): UnitPlace | null {
  if (step.kind === 'sum') {
    const term = step.terms[strongest(step.terms.map(({ value }) => value))];
    const source = term === undefined ? null : layerOf(model, term.from);
    return source && placeIn(source, at.unit, at.row, at.column);
  }
  const source = step.from === step.layer ? null : layerOf(model, step.from);
  if (source === null) return null;
  switch (step.kind) {
    case 'convolution':
      return placeIn(source, strongest(step.perChannel), ...middleOfWindow(step.window));
    case 'pool':
      return placeIn(source, at.unit, ...pooledAt(step));
    case 'dense':
      return placeIn(source, heaviestInput(step), 0, 0);
    case 'pass':
      return placeIn(source, step.unit, step.row, step.column);
    case 'normalisation':
    case 'activation':
    case 'softmax':
      return placeIn(source, at.unit, at.row, at.column);
  }
}

/** Units that stand before those of a layer where another one joins it with others. */
function unitsBefore(model: ModelSummary, name: string, reader: LayerSummary): number {
  const sources = sourcesOf(model, reader.name);
  const before = sources.slice(0, sources.indexOf(name));
  return before.reduce((sum, source) => sum + (layerOf(model, source)?.outputShape.at(-1) ?? 0), 0);
}

/**
 * Where a reader of the layer uses the number at a place: the same unit where it keeps its units, else its first; the
 * place at the same share of its map.
 */
export function usedBy(model: ModelSummary, at: UnitPlace, reader: LayerSummary): UnitPlace {
  const layer = layerOf(model, at.layer);
  if (layer === null) return middleOf(reader, 0);
  const [height, width, units] = extentOf(layer);
  if (reader.kind === 'flatten') return placeIn(reader, (at.row * width + at.column) * units + at.unit, 0, 0);
  const [rows, columns] = extentOf(reader);
  const row = Math.floor((at.row * rows) / height);
  const column = Math.floor((at.column * columns) / width);
  if (reader.kind === 'concatenate')
    return placeIn(reader, unitsBefore(model, at.layer, reader) + at.unit, row, column);
  const weighs = reader.kind === 'conv2d' || reader.kind === 'dense';
  return placeIn(reader, weighs ? 0 : at.unit, row, column);
}
