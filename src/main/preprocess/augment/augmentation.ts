import type { Tensor } from '@tensorflow/tfjs-core';

/** What augmentation needs of the engine's operations (`EngineOps`, which stands above this folder). */
export interface RandomSource {
  /** See `EngineOps.randomUniform`. */
  randomUniform(shape: readonly number[], key: readonly [number, number], step: Tensor): Tensor;
}

/** Where a batch is augmented. Tensors are borrowed. */
export interface AugmentationContext {
  readonly ops: RandomSource;
  /** int32 scalar: training steps taken before this one. */
  readonly step: Tensor;
}

/**
 * How targets are mixed where images were: example i's loss is
 * share[i] * loss(target[i]) + (1 - share[i]) * loss(target[partner[i]]).
 */
export interface BatchMix {
  /** int32 [batch]: positions in the batch. */
  readonly partner: Tensor;
  /** float32 [batch], in [0, 1]. */
  readonly share: Tensor;
}

/** A changed batch. Tensors belong to the caller (inside a tidy: to the tidy). */
export interface AugmentedBatch {
  /** float32, in the shape it came. */
  readonly x: Tensor;
  /** Null where targets stay as they are. */
  readonly mix: BatchMix | null;
}

/** Random changes of training images. */
export interface Augmentation {
  /** Does it use a TensorFlow op that XLA cannot compile? Then the step must not run under XLA. */
  readonly needsGraph: boolean;
  /** Does each example change without a look at the others, so that a shard of a batch with its own `ops` will do? */
  readonly separable: boolean;
  /**
   * Changes a prepared batch in tfjs ops, fit for tracing. An example's numbers are a function of the run's seed, the
   * step and its position in the batch alone. Call it outside of the gradient's function: nothing flows back through
   * it.
   * @param x float32 [batch, height, width, channels]; borrowed
   */
  apply(x: Tensor, context: AugmentationContext): AugmentedBatch;
}
