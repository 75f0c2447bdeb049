import { StudioError } from '../../../shared/ipc/errors.ts';
import type { ActivationKind, LayerSpec } from '../../../shared/schema/model.ts';
import type { StateTensor } from '../../engine/engine.ts';
import type { ModelPlan, PlannedLayer } from '../../model/index.ts';
import type { PreprocessingNumbers } from './preprocessing-numbers.ts';

type Shape = readonly number[];
type Pair = readonly [number, number];

/** What a node of a portable net computes; images are [batch, height, width, channels]. */
export type PortableOp =
  /** x * factor + shift, both of `shape`: [] for one number, [channels], or the shape of an example. */
  | {
      readonly op: 'affine';
      readonly shape: Shape;
      readonly factor: Float32Array;
      readonly shift: Float32Array;
    }
  /** x W + b, W [inputs, outputs]. */
  | {
      readonly op: 'product';
      readonly inputs: number;
      readonly outputs: number;
      readonly weight: Float32Array;
      readonly bias: Float32Array | null;
    }
  /** Kernel [height, width, inputs, outputs]. */
  | {
      readonly op: 'convolution';
      readonly kernelShape: readonly [number, number, number, number];
      readonly kernel: Float32Array;
      readonly bias: Float32Array | null;
      readonly strides: Pair;
      readonly dilation: Pair;
      readonly padding: 'same' | 'valid';
    }
  | {
      readonly op: 'pool';
      readonly mode: 'max' | 'average';
      readonly size: Pair;
      readonly strides: Pair;
      readonly padding: 'same' | 'valid';
    }
  | { readonly op: 'global-pool'; readonly mode: 'max' | 'average' }
  | { readonly op: 'activation'; readonly activation: ActivationKind; readonly negativeSlope: number }
  | { readonly op: 'reshape' }
  | { readonly op: 'add' }
  | { readonly op: 'concatenate' };

/** One step of a net; reads nodes that stand before it, or the input. Shapes exclude the batch axis. */
export interface PortableNode {
  readonly name: string;
  readonly operation: PortableOp;
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly outputShape: Shape;
}

/** A trained net without anything of the studio: what every other program can be told. */
export interface PortableNet {
  /** Name of the input: raw examples as the dataset holds them, [batch, ...inputShape] float32. */
  readonly inputName: string;
  readonly inputShape: Shape;
  readonly nodes: readonly PortableNode[];
  /** A head's output as the net gives it: logits for the softmax and sigmoid losses. */
  readonly outputs: readonly { readonly name: string; readonly node: string; readonly shape: Shape }[];
}

export const INPUT = 'input';

/** Where the last step's result can be read. */
interface Wire {
  readonly name: string;
  readonly shape: Shape;
}

class Builder {
  readonly nodes: PortableNode[] = [];

  add(name: string, operation: PortableOp, inputs: readonly Wire[], outputShape: Shape): Wire {
    this.nodes.push({ name, operation, inputs, outputShape });
    return { name, shape: outputShape };
  }
}

const sizeOf = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);

/** The shortest of one number, one per channel, one per feature that says the same. */
function shortestAffine(scale: readonly number[], offset: readonly number[], shape: Shape): PortableOp {
  const channels = shape.at(-1) ?? 1;
  const repeats = (every: number): boolean =>
    [scale, offset].every((values) => values.every((value, at) => value === values[at % every]));
  const affine = (of: Shape): PortableOp => ({
    op: 'affine',
    shape: of,
    factor: Float32Array.from(scale.slice(0, sizeOf(of))),
    shift: Float32Array.from(offset.slice(0, sizeOf(of))),
  });
  if (repeats(1)) return affine([]);
  return affine(repeats(channels) ? [channels] : shape);
}

/** The preparation as nodes in front of the net. */
function addPreprocessing(builder: Builder, input: Wire, numbers: PreprocessingNumbers | null): Wire {
  if (numbers === null) return input;
  const { scale, offset, whitening } = numbers;
  const isIdentity = scale.every((value) => value === 1) && offset.every((value) => value === 0);
  const { shape } = input;
  const prepared = isIdentity
    ? input
    : builder.add('prepare', shortestAffine(scale, offset, shape), [input], shape);
  if (whitening === null) return prepared;
  const width = sizeOf(shape);
  const flat = builder.add('prepare-flat', { op: 'reshape' }, [prepared], [width]);
  const product = { op: 'product', inputs: width, outputs: width, weight: whitening, bias: null } as const;
  const white = builder.add('prepare-whitening', product, [flat], [width]);
  return builder.add('prepare-shape', { op: 'reshape' }, [white], shape);
}

/** Reads a layer's variables by their names within it. */
type Variables = (name: string) => Float32Array;

function batchNormAffine(variable: Variables, epsilon: number, channels: number): PortableOp {
  const [scale, offset] = [variable('scale'), variable('offset')];
  const [mean, variance] = [variable('runningMean'), variable('runningVariance')];
  const factor = scale.map((value, at) => value / Math.sqrt((variance[at] ?? 0) + epsilon));
  const shift = offset.map((value, at) => value - (mean[at] ?? 0) * (factor[at] ?? 0));
  return { op: 'affine', shape: [channels], factor, shift };
}

const poolOf = (layer: Extract<LayerSpec, { kind: 'max-pool2d' | 'average-pool2d' }>): PortableOp => ({
  op: 'pool',
  mode: layer.kind === 'max-pool2d' ? 'max' : 'average',
  size: layer.poolSize,
  strides: layer.strides ?? layer.poolSize,
  padding: layer.padding,
});

/** What a layer computes before its activation; null for one that changes nothing when a net is used. */
function operationOf({ spec, inputShapes }: PlannedLayer, variable: Variables): PortableOp | null {
  const shape = inputShapes[0] ?? [];
  switch (spec.kind) {
    case 'dense':
      return {
        op: 'product',
        inputs: shape[0] ?? 1,
        outputs: spec.units,
        weight: variable('weight'),
        bias: spec.useBias ? variable('bias') : null,
      };
    case 'conv2d':
      return {
        op: 'convolution',
        kernelShape: [...spec.kernelSize, shape[2] ?? 1, spec.filters],
        kernel: variable('weight'),
        bias: spec.useBias ? variable('bias') : null,
        strides: spec.strides,
        dilation: spec.dilation,
        padding: spec.padding,
      };
    case 'max-pool2d':
    case 'average-pool2d':
      return poolOf(spec);
    case 'global-average-pool2d':
      return { op: 'global-pool', mode: 'average' };
    case 'global-max-pool2d':
      return { op: 'global-pool', mode: 'max' };
    case 'batch-norm':
      return batchNormAffine(variable, spec.epsilon, shape.at(-1) ?? 1);
    case 'dropout':
      return null;
    case 'flatten':
      return shape.length > 1 ? { op: 'reshape' } : null;
    case 'add':
    case 'concatenate':
      return { op: spec.kind };
    case 'activation':
      return activationOf(spec);
    default:
      return spec satisfies never;
  }
}

function activationOf(spec: LayerSpec): PortableOp | null {
  if (!('activation' in spec) || spec.activation === 'linear') return null;
  return { op: 'activation', activation: spec.activation, negativeSlope: spec.negativeSlope };
}

function addLayer(builder: Builder, layer: PlannedLayer, inputs: readonly Wire[], variable: Variables): Wire {
  const operation = operationOf(layer, variable);
  const activation = layer.spec.kind === 'activation' ? null : activationOf(layer.spec);
  const before = inputs[0] ?? { name: INPUT, shape: [] };
  const { name, outputShape } = layer;
  if (activation === null) {
    return operation === null ? before : builder.add(name, operation, inputs, outputShape);
  }
  const linear = operation === null ? before : builder.add(`${name}-linear`, operation, inputs, outputShape);
  return builder.add(name, activation, [linear], outputShape);
}

function variablesOf(layer: PlannedLayer, state: ReadonlyMap<string, StateTensor>): Variables {
  return (name) => {
    const found = state.get(`${layer.name}/${name}`);
    if (found !== undefined) return found.values;
    throw new StudioError(
      'data-damaged',
      `model export: the checkpoint has no '${layer.name}/${name}'; export another epoch, or start the run again`,
    );
  };
}

/**
 * Lowers a net with its weights to nodes, its preparation first; dropout is left out. Arrays may be shared with `state`.
 * @throws StudioError `data-damaged` where the state lacks a variable
 */
export function createPortableNet(
  plan: ModelPlan,
  state: readonly StateTensor[],
  preprocessing: PreprocessingNumbers | null,
): PortableNet {
  const builder = new Builder();
  const byName = new Map(state.map((tensor) => [tensor.name, tensor]));
  const prepared = addPreprocessing(builder, { name: INPUT, shape: plan.inputShape }, preprocessing);
  const wires: Wire[] = [];
  for (const layer of plan.layers) {
    const inputs = layer.inputs.map((at) => wires[at] ?? prepared);
    wires.push(addLayer(builder, layer, inputs, variablesOf(layer, byName)));
  }
  const outputs = plan.heads.map((head) => {
    const wire = wires[head.layer] ?? prepared;
    return { name: head.name ?? 'output', node: wire.name, shape: wire.shape };
  });
  return { inputName: INPUT, inputShape: plan.inputShape, nodes: builder.nodes, outputs };
}
