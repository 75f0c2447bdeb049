import { philox, type PhiloxKey } from '../../../src/shared/random/philox.ts';
import type { LayerSpec } from '../../../src/shared/schema/model.ts';
import { activate } from './activations.ts';
import { arrayOf, map, side, sizeOf, zeros, type Array64 } from './array.ts';
import { conv2d, globalPool2d, pool2d } from './images.ts';

/** A layer of the reference model and the stream of its dropout. */
export interface ReferenceLayer {
  readonly name: string;
  readonly spec: LayerSpec;
  readonly dropoutKey: PhiloxKey;
  /** Positions of the layers it reads; -1 for the input. */
  readonly inputs: readonly number[];
}

/** Variables by whole name, `${layer}/${variable}`. */
export type Variables = Readonly<Record<string, Array64>>;

/** Layers are run as while training: batch statistics in batch norm, dropout on. */
export interface ReferencePass {
  readonly variables: Variables;
  readonly step: number;
}

function dense(x: Array64, weight: Array64): Array64 {
  const [inputs, units] = weight.shape as [number, number];
  const product = zeros([side(x, 0), units]);
  for (let n = 0; n < side(x, 0); n++) {
    for (let u = 0; u < units; u++) {
      for (let i = 0; i < inputs; i++) {
        product.values[n * units + u]! += x.values[n * inputs + i]! * weight.values[i * units + u]!;
      }
    }
  }
  return product;
}

function addBias(x: Array64, bias: Array64 | undefined): Array64 {
  if (bias === undefined) return x;
  return map(x, (value, index) => value + bias.values[index % side(x, -1)]!);
}

/** Mean and biased variance of each channel. */
export function channelStatistics(x: Array64): { mean: Float64Array; variance: Float64Array } {
  const channels = side(x, -1);
  const rows = sizeOf(x.shape) / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  x.values.forEach((value, index) => (mean[index % channels]! += value / rows));
  x.values.forEach((value, index) => {
    variance[index % channels]! += (value - mean[index % channels]!) ** 2 / rows;
  });
  return { mean, variance };
}

function batchNorm(x: Array64, scale: Array64, offset: Array64, epsilon: number): Array64 {
  const channels = side(x, -1);
  const { mean, variance } = channelStatistics(x);
  return map(x, (value, index) => {
    const c = index % channels;
    return ((value - mean[c]!) / Math.sqrt(variance[c]! + epsilon)) * scale.values[c]! + offset.values[c]!;
  });
}

function dropout(x: Array64, rate: number, key: PhiloxKey, step: number): Array64 {
  const words = new Uint32Array(4);
  return map(x, (value, index) => {
    philox(key, [Math.floor(index / 4), 0, step, 0], words, 0);
    return words[index % 4]! >= Math.round(rate * 2 ** 32) ? value / (1 - rate) : 0;
  });
}

function addUp(inputs: readonly Array64[]): Array64 {
  return map(inputs[0]!, (_, index) => inputs.reduce((sum, { values }) => sum + values[index]!, 0));
}

function sideBySide(inputs: readonly Array64[]): Array64 {
  const rows = sizeOf(inputs[0]!.shape) / side(inputs[0]!, -1);
  const width = inputs.reduce((sum, input) => sum + side(input, -1), 0);
  const values = Array.from({ length: rows }, (_, row) =>
    inputs.flatMap((input) => [...input.values.slice(row * side(input, -1), (row + 1) * side(input, -1))]),
  );
  return arrayOf([...inputs[0]!.shape.slice(0, -1), width], values.flat());
}

/** One layer, as plain loops in doubles. */
export function runLayer(
  { name, spec, dropoutKey }: ReferenceLayer,
  inputs: readonly Array64[],
  pass: ReferencePass,
): Array64 {
  const x = inputs[0]!;
  const variable = (part: string) => pass.variables[`${name}/${part}`]!;
  switch (spec.kind) {
    case 'dense':
      return activate(
        spec.activation,
        addBias(dense(x, variable('weight')), variable('bias')),
        spec.negativeSlope,
      );
    case 'conv2d':
      return activate(
        spec.activation,
        addBias(conv2d(x, variable('weight'), spec), variable('bias')),
        spec.negativeSlope,
      );
    case 'max-pool2d':
    case 'average-pool2d':
      return pool2d(x, spec);
    case 'global-max-pool2d':
    case 'global-average-pool2d':
      return globalPool2d(x, spec.kind);
    case 'batch-norm':
      return batchNorm(x, variable('scale'), variable('offset'), spec.epsilon);
    case 'dropout':
      return dropout(x, spec.rate, dropoutKey, pass.step);
    case 'flatten':
      return { shape: [side(x, 0), sizeOf(x.shape) / side(x, 0)], values: x.values };
    case 'activation':
      return activate(spec.activation, x, spec.negativeSlope);
    case 'add':
      return addUp(inputs);
    case 'concatenate':
      return sideBySide(inputs);
    default:
      return spec satisfies never;
  }
}

/** The output of every layer. */
export function runModel(
  layers: readonly ReferenceLayer[],
  x: Array64,
  pass: ReferencePass,
): readonly Array64[] {
  const outputs: Array64[] = [];
  for (const layer of layers) {
    const inputs = layer.inputs.map((position) => (position < 0 ? x : outputs[position]!));
    outputs.push(runLayer(layer, inputs, pass));
  }
  return outputs;
}
