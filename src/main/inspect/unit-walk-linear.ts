import type { UnitWalk } from '../../shared/schema/inspection.ts';
import type { LayerOf } from '../model/layers/definition.ts';
import { inputBox, receptiveBoxOf, type Box } from './receptive-box.ts';
import { activationSteps } from './unit-walk-activation.ts';
import {
  extentOf,
  onlyInput,
  requireVariable,
  variableOf,
  type LayerView,
  type UnitPlace,
} from './unit-walk-view.ts';

type Conv2d = LayerOf<'conv2d'>;
type Dense = LayerOf<'dense'>;

/** What a layer covers of its input at a place, and what that comes from in the image. */
export function boxesAt(
  { net, layer }: LayerView,
  { row, column }: UnitPlace,
): { readonly window: Box; readonly box: Box } {
  const place = { top: row, left: column, bottom: row + 1, right: column + 1 };
  return { window: inputBox(layer, place), box: receptiveBoxOf(net.plan, layer.index, row, column) };
}

/** Numbers under the taps of a kernel, [height, width, inputs] flat; zeros where they lie outside of the map. */
function patchUnder(spec: Conv2d, view: LayerView, window: Box): Float32Array<ArrayBuffer> {
  const { shape, values } = onlyInput(view);
  const [height, width, channels] = extentOf(shape);
  const [rows, columns] = spec.kernelSize;
  const patch = new Float32Array(rows * columns * channels);
  for (let tap = 0; tap < rows * columns; tap++) {
    const row = window.top + Math.floor(tap / columns) * spec.dilation[0];
    const column = window.left + (tap % columns) * spec.dilation[1];
    if (row < 0 || column < 0 || row >= height || column >= width) continue;
    const start = (row * width + column) * channels;
    patch.set(values.subarray(start, start + channels), tap * channels);
  }
  return patch;
}

/** One unit's column of weights [inputs, units] flat. */
function columnOf(weights: Float32Array, units: number, unit: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: weights.length / units }, (_, i) => weights[i * units + unit]!);
}

/** Sum of the products, in float64, over every `stride`-th number from `first`. */
function dot(a: Float32Array, b: Float32Array, first = 0, stride = 1): number {
  let sum = 0;
  for (let i = first; i < a.length; i += stride) sum += a[i]! * b[i]!;
  return sum;
}

/** What one unit sums up before its activation. */
interface Weighted {
  readonly inputs: Float32Array<ArrayBuffer>;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly bias: number;
  readonly sum: number;
}

/** For every unit of a layer, its weighted sum of the same inputs. */
function weigh(
  view: LayerView,
  inputs: Float32Array<ArrayBuffer>,
  units: number,
): (unit: number) => Weighted {
  const kernel = requireVariable(view, 'weight');
  const biases = variableOf(view, 'bias');
  return (unit) => {
    const weights = columnOf(kernel, units, unit);
    const bias = biases?.[unit] ?? 0;
    return { inputs, weights, bias, sum: dot(inputs, weights) + bias };
  };
}

function activate(
  { layer }: LayerView,
  spec: Conv2d | Dense,
  unit: number,
  units: number,
  of: (unit: number) => Weighted,
): UnitWalk[] {
  return activationSteps({
    layer: layer.name,
    from: layer.name,
    kind: spec.activation,
    negativeSlope: spec.negativeSlope,
    unit,
    input: of(unit).sum,
    all: () => Array.from({ length: units }, (_, other) => of(other).sum),
  });
}

/** A convolution at a place: patch under the kernel, products, bias, sum, activation. */
export function walkConvolution(spec: Conv2d, view: LayerView, place: UnitPlace): UnitWalk[] {
  const { layer } = view;
  const input = onlyInput(view);
  const [, , channels] = extentOf(input.shape);
  const { window, box } = boxesAt(view, place);
  const of = weigh(view, patchUnder(spec, view, window), spec.filters);
  const { inputs: patch, weights: kernel, bias, sum } = of(place.unit);
  const perChannel = Float32Array.from({ length: channels }, (_, channel) =>
    dot(patch, kernel, channel, channels),
  );
  const step: UnitWalk = {
    kind: 'convolution',
    layer: layer.name,
    from: input.from,
    shape: [...spec.kernelSize, channels],
    patch,
    kernel,
    perChannel,
    bias,
    result: sum,
    window,
    box,
  };
  return [step, ...activate(view, spec, place.unit, spec.filters, of)];
}

/** A dense unit: inputs, weights, bias, sum, activation. */
export function walkDense(spec: Dense, view: LayerView, { unit }: UnitPlace): UnitWalk[] {
  const { layer } = view;
  const input = onlyInput(view);
  const of = weigh(view, Float32Array.from(input.values), spec.units);
  const { inputs, weights, bias, sum } = of(unit);
  const step: UnitWalk = {
    kind: 'dense',
    layer: layer.name,
    from: input.from,
    inputs,
    weights,
    bias,
    result: sum,
  };
  return [step, ...activate(view, spec, unit, spec.units, of)];
}
