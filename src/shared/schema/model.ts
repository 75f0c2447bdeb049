import { z } from 'zod';
import { lossKind } from './loss.ts';

export const activationKind = z.enum([
  'linear',
  'relu',
  'relu6',
  'leaky-relu',
  'elu',
  'tanh',
  'sigmoid',
  'softplus',
  'softmax',
]);
export type ActivationKind = z.infer<typeof activationKind>;

export const initializer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('zeros') }),
  z.strictObject({
    kind: z.literal('uniform'),
    minimum: z.number().default(-0.05),
    maximum: z.number().default(0.05),
  }),
  z.strictObject({
    kind: z.literal('normal'),
    mean: z.number().default(0),
    standardDeviation: z.number().min(0).default(0.05),
  }),
  z.strictObject({ kind: z.literal('glorot-uniform') }),
  z.strictObject({ kind: z.literal('glorot-normal') }),
  z.strictObject({ kind: z.literal('he-uniform') }),
  z.strictObject({ kind: z.literal('he-normal') }),
]);
export type Initializer = z.infer<typeof initializer>;

const units = z.int().min(1).max(65_536);
const side = z.int().min(1).max(1_024);
/** [height, width]; one number stands for both. */
const sides = z
  .union([side, z.tuple([side, side])])
  .transform((v): [number, number] => (Array.isArray(v) ? v : [v, v]))
  .pipe(z.tuple([side, side]));
const padding = z.enum(['same', 'valid']);
const layerReference = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
/** What every layer may say of its place. */
const place = {
  name: layerReference.optional(),
  /** Names of the layers it reads, "input" for the examples; the layer before it when left out. */
  inputs: z.array(layerReference).min(1).max(64).optional(),
};
const weightInitializer = initializer.prefault({ kind: 'glorot-uniform' });
const biasInitializer = initializer.prefault({ kind: 'zeros' });
const activation = activationKind.default('linear');
/** Slope of leaky-relu below zero. (elu has alpha 1, as in PyTorch and Keras.) */
const negativeSlope = z.number().min(0).max(1).default(0.01);

/** One layer as data. `name` is made from kind and position when it is left out. */
export const layerSpec = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dense'),
    ...place,
    units,
    activation,
    negativeSlope,
    useBias: z.boolean().default(true),
    weightInitializer,
    biasInitializer,
  }),
  z.strictObject({
    kind: z.literal('conv2d'),
    ...place,
    filters: units,
    kernelSize: sides,
    strides: sides.prefault(1),
    dilation: sides.prefault(1),
    padding: padding.default('same'),
    activation,
    negativeSlope,
    useBias: z.boolean().default(true),
    weightInitializer,
    biasInitializer,
  }),
  z.strictObject({
    kind: z.literal('max-pool2d'),
    ...place,
    poolSize: sides.prefault(2),
    /** The pool size when left out. */
    strides: sides.optional(),
    padding: padding.default('valid'),
  }),
  z.strictObject({
    kind: z.literal('average-pool2d'),
    ...place,
    poolSize: sides.prefault(2),
    strides: sides.optional(),
    padding: padding.default('valid'),
  }),
  z.strictObject({ kind: z.literal('global-average-pool2d'), ...place }),
  z.strictObject({ kind: z.literal('global-max-pool2d'), ...place }),
  z.strictObject({
    kind: z.literal('batch-norm'),
    ...place,
    /** Share of the new batch statistic in the running one (PyTorch's definition). */
    momentum: z.number().min(0).max(1).default(0.1),
    epsilon: z.number().positive().default(1e-5),
  }),
  z.strictObject({ kind: z.literal('dropout'), ...place, rate: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('flatten'), ...place }),
  /** The sum of its inputs, all of one shape (residual connection, He et al. 2016). */
  z.strictObject({ kind: z.literal('add'), ...place }),
  /** Its inputs side by side along the last axis. */
  z.strictObject({ kind: z.literal('concatenate'), ...place }),
  z.strictObject({ kind: z.literal('activation'), ...place, activation: activationKind, negativeSlope }),
]);
export type LayerSpec = z.infer<typeof layerSpec>;
export type LayerKind = LayerSpec['kind'];

/** An output of the model that is judged against a target of the dataset. */
export const headSpec = z.strictObject({
  /** Shown and stored in front of its metrics, e.g. "digit/accuracy". */
  name: layerReference,
  /** The layer whose output it is; logits for the softmax and sigmoid losses. */
  layer: layerReference,
  /** A target of the dataset. */
  target: z.string().min(1),
  /** `training.loss` when left out. */
  loss: lossKind.optional(),
  /** Its share in the sum of losses that is trained on. */
  weight: z.number().positive().max(1e6).default(1),
});
export type HeadSpec = z.infer<typeof headSpec>;

/**
 * Layers in an order in which each reads only what stands before it. Without heads the last layer's output is the
 * prediction of the dataset's main target.
 */
export const modelSpec = z.strictObject({
  layers: z.array(layerSpec).max(500),
  heads: z.array(headSpec).max(16).default([]),
});
export type ModelSpec = z.infer<typeof modelSpec>;

/** What a layer comes to, known before anything is built. Shapes exclude the batch axis. */
export const layerSummary = z.strictObject({
  index: z.int().nonnegative(),
  name: z.string(),
  kind: z.string(),
  /** Names of the layers it reads, "input" for the examples. Runs stored before there were graphs have none. */
  inputs: z.array(z.string()).default([]),
  outputShape: z.array(z.int()),
  parameterCount: z.int().nonnegative(),
  /** Receptive field in input pixels [height, width]; null once the layer sees all of the input or the input is no image. */
  receptiveField: z.tuple([z.int(), z.int()]).nullable(),
  /** Multiply-adds times two of one forward pass of one example. */
  forwardFlops: z.number().nonnegative(),
});
export type LayerSummary = z.infer<typeof layerSummary>;

export const modelSummary = z.strictObject({
  inputShape: z.array(z.int()),
  layers: z.array(layerSummary),
  parameterCount: z.int().nonnegative(),
  /** Parameters the optimizer changes (batch norm's running statistics are not among them). */
  trainableCount: z.int().nonnegative(),
  forwardFlops: z.number().nonnegative(),
});
export type ModelSummary = z.infer<typeof modelSummary>;
