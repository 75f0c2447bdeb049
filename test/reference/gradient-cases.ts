import {
  activationKind,
  layerSpec,
  modelSpec,
  type LayerSpec,
  type ModelSpec,
} from '../../src/shared/schema/model.ts';
import type { LossKind } from '../../src/shared/schema/training.ts';
import type { z } from 'zod';

type LayerInput = z.input<typeof layerSpec>;

/** A small model with one layer under test in it; the head is added per loss. */
export interface ModelCase {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly LayerSpec[];
}

/** What a loss is given: how many outputs, and the targets of the four examples. */
export interface LossCase {
  readonly loss: LossKind;
  readonly outputs: number;
  /** 0 for regression, whose targets are numbers. */
  readonly classCount: number;
  readonly targets: readonly number[];
}

export const batchSize = 4;

const random = { kind: 'normal', standardDeviation: 0.6 } as const;
const initial = { weightInitializer: random, biasInitializer: random };

function parse(layers: readonly LayerInput[]): LayerSpec[] {
  return layers.map((layer) => layerSpec.parse(layer));
}

/** Rows of 5 numbers, a dense layer, the layer under test. */
function onRows(name: string, ...layers: LayerInput[]): ModelCase {
  return { name, inputShape: [5], layers: parse([{ kind: 'dense', units: 6, ...initial }, ...layers]) };
}

/** Images of 6x5x2, a convolution, the layer under test, flattened where it leaves an image. */
function onImages(name: string, layer: LayerInput, flatten = true): ModelCase {
  const before: LayerInput = { kind: 'conv2d', filters: 3, kernelSize: 2, ...initial };
  const after: LayerInput[] = flatten ? [{ kind: 'flatten' }] : [];
  return { name, inputShape: [6, 5, 2], layers: parse([before, layer, ...after]) };
}

const conv = { kind: 'conv2d', filters: 2, kernelSize: 3, ...initial } as const;

export const modelCases: readonly ModelCase[] = [
  onRows('dense', { kind: 'dense', units: 4, ...initial }),
  onRows('dense without bias', { kind: 'dense', units: 4, useBias: false, weightInitializer: random }),
  onImages('conv2d same', conv),
  onImages('conv2d valid', { ...conv, padding: 'valid' }),
  onImages('conv2d strided same', { ...conv, strides: 2 }),
  onImages('conv2d strided valid', { ...conv, kernelSize: [2, 3], strides: [3, 2], padding: 'valid' }),
  onImages('conv2d dilated same', { ...conv, dilation: 2 }),
  onImages('conv2d dilated valid', { ...conv, kernelSize: [2, 3], dilation: [3, 2], padding: 'valid' }),
  onImages('conv2d 1x1 without bias', { ...conv, kernelSize: 1, useBias: false }),
  onImages('max-pool2d', { kind: 'max-pool2d' }),
  onImages('max-pool2d overlapping same', {
    kind: 'max-pool2d',
    poolSize: 3,
    strides: 2,
    padding: 'same',
  }),
  onImages('average-pool2d', { kind: 'average-pool2d' }),
  onImages('average-pool2d overlapping same', {
    kind: 'average-pool2d',
    poolSize: [3, 2],
    strides: [2, 1],
    padding: 'same',
  }),
  onImages('global-average-pool2d', { kind: 'global-average-pool2d' }, false),
  onImages('global-max-pool2d', { kind: 'global-max-pool2d' }, false),
  onRows('batch-norm on rows', { kind: 'batch-norm' }),
  onImages('batch-norm on images', { kind: 'batch-norm', epsilon: 1e-3 }),
  onRows('dropout on rows', { kind: 'dropout', rate: 0.4 }),
  onImages('dropout on images', { kind: 'dropout', rate: 0.25 }),
  onImages('flatten', { kind: 'flatten' }, false),
  ...activationKind.options.map((activation) =>
    onRows(`activation ${activation}`, { kind: 'activation', activation, negativeSlope: 0.2 }),
  ),
  onRows('dense with leaky-relu', {
    kind: 'dense',
    units: 4,
    activation: 'leaky-relu',
    negativeSlope: 0.3,
    ...initial,
  }),
  onImages('conv2d with elu', { ...conv, activation: 'elu' }),
  // Rows of 6 go on beside a branch that they feed, the input itself joins at the end.
  onRows(
    'add and concatenate on rows',
    { kind: 'dense', name: 'branch', units: 6, activation: 'tanh', ...initial },
    { kind: 'add', name: 'sum', inputs: ['dense-1', 'branch', 'dense-1'] },
    { kind: 'concatenate', inputs: ['input', 'sum', 'branch'] },
  ),
  {
    name: 'add and concatenate on images',
    inputShape: [6, 5, 2],
    layers: parse([
      { kind: 'conv2d', name: 'first', filters: 3, kernelSize: 2, ...initial },
      { ...conv, name: 'left', filters: 3, activation: 'tanh' },
      { kind: 'add', name: 'sum', inputs: ['first', 'left'] },
      { kind: 'batch-norm', name: 'norm', inputs: ['sum'] },
      { kind: 'concatenate', inputs: ['norm', 'first', 'input'] },
      { kind: 'flatten' },
    ]),
  },
];

const numbers = [0.3, -1.2, 2.1, 0.7, -0.4, 1.6, -2.2, 0.9];

export const lossCases: readonly LossCase[] = [
  { loss: 'sparse-softmax-cross-entropy', outputs: 3, classCount: 3, targets: [2, 0, 1, 2] },
  { loss: 'one-hot-softmax-cross-entropy', outputs: 3, classCount: 3, targets: [2, 0, 1, 2] },
  { loss: 'binary-cross-entropy', outputs: 1, classCount: 2, targets: [1, 0, 0, 1] },
  { loss: 'mean-squared-error', outputs: 2, classCount: 0, targets: numbers },
  { loss: 'mean-absolute-error', outputs: 2, classCount: 0, targets: numbers },
  { loss: 'gaussian-negative-log-likelihood', outputs: 2, classCount: 0, targets: numbers.slice(0, 4) },
];

/** The model with the head that a loss needs. */
export function withHead(model: ModelCase, loss: LossCase): LayerSpec[] {
  const head = { kind: 'dense', units: loss.outputs, ...initial } as const;
  return [...model.layers, ...parse([head])];
}

/** The model with an output for each loss. */
export function withHeads(model: ModelCase, losses: readonly LossCase[]): ModelSpec {
  const trunk = model.layers.length - 1;
  const layers = model.layers.map((layer, i) => (i === trunk ? { ...layer, name: 'trunk' } : layer));
  const ends = losses.map((loss, i): LayerInput => ({
    kind: 'dense',
    name: `end-${i}`,
    inputs: ['trunk'],
    units: loss.outputs,
    ...initial,
  }));
  return modelSpec.parse({
    layers: [...layers, ...ends],
    heads: losses.map(({ loss }, i) => ({
      name: `head-${i}`,
      layer: `end-${i}`,
      target: `target ${i}`,
      loss,
      weight: 0.5 + 0.75 * i,
    })),
  });
}
