import { z } from 'zod';

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
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .optional();
const weightInitializer = initializer.prefault({ kind: 'glorot-uniform' });
const biasInitializer = initializer.prefault({ kind: 'zeros' });
const activation = activationKind.default('linear');
/** Slope of leaky-relu below zero. (elu has alpha 1, as in PyTorch and Keras.) */
const negativeSlope = z.number().min(0).max(1).default(0.01);

/** One layer as data. `name` is made from kind and position when it is left out. */
export const layerSpec = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dense'),
    name,
    units,
    activation,
    negativeSlope,
    useBias: z.boolean().default(true),
    weightInitializer,
    biasInitializer,
  }),
  z.strictObject({
    kind: z.literal('conv2d'),
    name,
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
    name,
    poolSize: sides.prefault(2),
    /** The pool size when left out. */
    strides: sides.optional(),
    padding: padding.default('valid'),
  }),
  z.strictObject({
    kind: z.literal('average-pool2d'),
    name,
    poolSize: sides.prefault(2),
    strides: sides.optional(),
    padding: padding.default('valid'),
  }),
  z.strictObject({ kind: z.literal('global-average-pool2d'), name }),
  z.strictObject({ kind: z.literal('global-max-pool2d'), name }),
  z.strictObject({
    kind: z.literal('batch-norm'),
    name,
    /** Share of the new batch statistic in the running one (PyTorch's definition). */
    momentum: z.number().min(0).max(1).default(0.1),
    epsilon: z.number().positive().default(1e-5),
  }),
  z.strictObject({ kind: z.literal('dropout'), name, rate: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('flatten'), name }),
  z.strictObject({ kind: z.literal('activation'), name, activation: activationKind, negativeSlope }),
]);
export type LayerSpec = z.infer<typeof layerSpec>;
export type LayerKind = LayerSpec['kind'];

/** A plain stack of layers; the last one's output is the prediction (logits for the softmax and sigmoid losses). */
export const modelSpec = z.strictObject({ layers: z.array(layerSpec).min(1).max(500) });
export type ModelSpec = z.infer<typeof modelSpec>;

/** What a layer comes to, known before anything is built. Shapes exclude the batch axis. */
export const layerSummary = z.strictObject({
  index: z.int().nonnegative(),
  name: z.string(),
  kind: z.string(),
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
