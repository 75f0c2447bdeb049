import type { Tensor } from '@tensorflow/tfjs-core';
import type { Initializer, LayerKind, LayerSpec } from '../../../shared/schema/model.ts';
import type { EngineOps, RandomKey } from '../../engine/engine.ts';

/** A shape without the batch axis. */
export type Shape = readonly number[];

/** The specification of one kind of layer. */
export type LayerOf<K extends LayerKind> = Extract<LayerSpec, { kind: K }>;

/** How a variable begins: as the user says, or at one (batch norm's scale and variance). */
export type VariableInitializer = Initializer | { readonly kind: 'ones' };

/** A tensor that a layer owns: trained by the optimizer (parameter) or by the layer itself (buffer). */
export interface VariableSpec {
  /** Name within the layer; the whole name is `${layer}/${name}`. */
  readonly name: string;
  readonly role: 'parameter' | 'buffer';
  readonly shape: Shape;
  readonly initializer: VariableInitializer;
  /** Inputs that one output sums over, and outputs that one input reaches (Glorot and Bengio 2010). */
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * What one output looks at, in the layer's own input: a window (kernel already dilated), a single position, or the
 * whole input.
 */
export type LayerReach =
  | {
      readonly kind: 'window';
      readonly size: readonly [number, number];
      readonly strides: readonly [number, number];
    }
  | { readonly kind: 'point' }
  | { readonly kind: 'global' };

/** Refuses a layer: what was found and expected, the way out, and the field of the layer at fault. */
export type RefuseLayer = (found: string, wayOut: string, field?: string) => never;

/** What a layer needs besides its input while the step is training; absent at inference. */
export interface TrainingPhase {
  /** int32 scalar, the training step from the start of the run; borrowed. */
  readonly step: Tensor;
  /** Stream of random numbers of this layer. */
  readonly randomKey: RandomKey;
  /** Takes the new value of one of the layer's buffers; the tensor passes to the receiver. */
  updateBuffer(name: string, value: Tensor): void;
}

/** What a layer's forward function sees. All tensors are borrowed. */
export interface LayerContext {
  readonly ops: EngineOps;
  /** The layer's own variable by its name within the layer. */
  variable(name: string): Tensor;
  /** Null at inference. */
  readonly training: TrainingPhase | null;
}

/** Everything the studio knows of a kind of layer with one input. All but `forward` work before anything is built. */
export interface LayerDefinition<L extends LayerSpec = LayerSpec> {
  /** Shape of the output; calls `refuse` where the layer does not fit its input. */
  outputShape(layer: L, input: Shape, refuse: RefuseLayer): Shape;
  /** In the order in which they are initialised, stored and shown. */
  variables(layer: L, input: Shape): readonly VariableSpec[];
  reach(layer: L): LayerReach;
  /** Multiply-adds times two for one example. */
  forwardFlops(layer: L, input: Shape, output: Shape): number;
  /** x [batch, ...input] -> [batch, ...output]; the result belongs to the caller's tidy. */
  forward(layer: L, x: Tensor, context: LayerContext): Tensor;
}

/** A kind of layer as the plan sees it, with any number of inputs; otherwise as {@link LayerDefinition}. */
export interface NodeDefinition<L extends LayerSpec = LayerSpec> {
  outputShape(layer: L, inputs: readonly Shape[], refuse: RefuseLayer): Shape;
  variables(layer: L, inputs: readonly Shape[]): readonly VariableSpec[];
  reach(layer: L): LayerReach;
  forwardFlops(layer: L, inputs: readonly Shape[], output: Shape): number;
  /** In the order of the layer's `inputs`, each [batch, ...its shape]; the result belongs to the caller's tidy. */
  forward(layer: L, inputs: readonly Tensor[], context: LayerContext): Tensor;
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** "28x28x1", for messages. */
export function describeShape(shape: Shape): string {
  return shape.length === 0 ? 'a single number' : shape.join('x');
}
