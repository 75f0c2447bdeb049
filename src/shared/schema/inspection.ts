import { z } from 'zod';
import { datasetPart } from './explore.ts';
import { runId } from './run.ts';

const int32Array = z.instanceof(Int32Array<ArrayBuffer>);
const float32Array = z.instanceof(Float32Array<ArrayBuffer>);

/** A net: a run after an epoch; null for the weights it ended with. */
export const netRef = z.strictObject({ runId, epoch: z.int().nonnegative().nullable() });
export type NetRef = z.infer<typeof netRef>;

/** What is shown to a net: a stored example, or numbers of the dataset's own scale (0 to 255 for 8-bit images). */
export const netInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('row'), part: datasetPart, row: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('values'), values: float32Array }),
]);
export type NetInput = z.infer<typeof netInput>;

/** A kernel of a convolution, [height, width, inputs, outputs] flat. */
export const layerFilters = z.strictObject({
  layer: z.string(),
  shape: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  values: float32Array,
  minimum: z.number(),
  maximum: z.number(),
});
export type LayerFilters = z.infer<typeof layerFilters>;

/** What every unit of a layer gives for one example. */
export const featureMaps = z.strictObject({
  layer: z.string(),
  /** [height, width, units], or [units] of a flat layer. */
  shape: z.array(z.int().positive()),
  values: float32Array,
  /** Units, that of the largest mean activation first. */
  order: int32Array,
  minimum: z.number(),
  maximum: z.number(),
});
export type FeatureMaps = z.infer<typeof featureMaps>;

/** How strongly each place of an image bears on a class's logit. */
export const attribution = z.strictObject({
  method: z.enum(['saliency', 'grad-cam', 'occlusion']),
  /** [height, width] of the image. Grad-CAM and saliency are not negative; occlusion is the fall of the logit. */
  shape: z.tuple([z.int(), z.int()]),
  values: float32Array,
  /** The class asked about, and its logit and probability for the whole image. */
  classIndex: z.int().nonnegative(),
  logit: z.number(),
  probability: z.number(),
  /** Of occlusion: the patch's sides and its steps, [down, right] in pixels. */
  occluder: z
    .strictObject({ size: z.tuple([z.int(), z.int()]), stride: z.tuple([z.int(), z.int()]) })
    .optional(),
});
export type Attribution = z.infer<typeof attribution>;

/** How an input is made that excites a unit (Erhan et al. 2009, Yosinski et al. 2015). */
export const maximisationOptions = z.strictObject({
  steps: z.int().min(1).max(2_000).default(200),
  learningRate: z.number().positive().default(0.1),
  /** Pulls the input to zero: weight of the squared norm. */
  l2: z.number().min(0).default(1e-3),
  /** Weight of the total variation, which holds neighbours together. */
  totalVariation: z.number().min(0).default(1e-3),
  /** The input is shifted by up to so many pixels at each step. */
  jitter: z.int().min(0).max(16).default(2),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
});
export type MaximisationOptions = z.infer<typeof maximisationOptions>;

export const maximisation = z.strictObject({
  layer: z.string(),
  unit: z.int().nonnegative(),
  /** [height, width, channels] of the prepared input. */
  shape: z.array(z.int().positive()),
  raw: float32Array,
  /** The same, its contrast stretched to [0, 1] between the 1st and 99th percentile. */
  enhanced: float32Array,
  /** Mean activation of the unit at the first step and at the last. */
  activationBefore: z.number(),
  activationAfter: z.number(),
});
export type Maximisation = z.infer<typeof maximisation>;

/** The part of an image that a unit sees; edges may lie outside of it. */
export const receptiveBox = z.strictObject({
  top: z.int(),
  left: z.int(),
  bottom: z.int(),
  right: z.int(),
});

/** Examples that excite a unit most, strongest first, each with the place where it is excited. */
export const excitingPatches = z.strictObject({
  layer: z.string(),
  unit: z.int().nonnegative(),
  part: datasetPart,
  patches: z.array(z.strictObject({ row: z.int(), activation: z.number(), box: receptiveBox })),
  /** Examples looked at. */
  examined: z.int().nonnegative(),
});
export type ExcitingPatches = z.infer<typeof excitingPatches>;

/** Where the numbers of a step stand: in the output of the layer `from` ("input" for the example), within `window`. */
const stepSource = { layer: z.string(), from: z.string() };

/** One unit's computation laid open, step by step; sums in float64. */
export const unitWalk = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('convolution'),
    ...stepSource,
    /** [height, width, inputs] flat: what lies under the kernel (zeros are padding), and the kernel. */
    shape: z.tuple([z.int(), z.int(), z.int()]),
    patch: float32Array,
    kernel: float32Array,
    /** Sum of the products, of each input channel. */
    perChannel: float32Array,
    bias: z.number(),
    result: z.number(),
    /** What the kernel covers of the layer it reads; dilated taps stand apart in it. */
    window: receptiveBox,
    /** What that comes from in the image. */
    box: receptiveBox,
  }),
  z.strictObject({
    kind: z.literal('pool'),
    ...stepSource,
    mode: z.enum(['max', 'average']),
    shape: z.tuple([z.int(), z.int()]),
    /** What lies under the window; places outside of the map, which do not count, are NaN. */
    patch: float32Array,
    result: z.number(),
    window: receptiveBox,
    box: receptiveBox,
  }),
  z.strictObject({
    kind: z.literal('dense'),
    ...stepSource,
    inputs: float32Array,
    weights: float32Array,
    bias: z.number(),
    result: z.number(),
  }),
  /** Batch normalisation: (input - mean) / sqrt(variance + epsilon) * scale + offset, with the running statistics. */
  z.strictObject({
    kind: z.literal('normalisation'),
    ...stepSource,
    input: z.number(),
    mean: z.number(),
    variance: z.number(),
    epsilon: z.number(),
    scale: z.number(),
    offset: z.number(),
    result: z.number(),
  }),
  /** The sum of several layers' outputs at the same place. */
  z.strictObject({
    kind: z.literal('sum'),
    layer: z.string(),
    terms: z.array(z.strictObject({ from: z.string(), value: z.number() })).min(1),
    result: z.number(),
  }),
  /** Hands on a number as it is (dropout, flatten, concatenate): that of a unit at a place of the layer `from`. */
  z.strictObject({
    kind: z.literal('pass'),
    ...stepSource,
    unit: z.int().nonnegative(),
    row: z.int().nonnegative(),
    column: z.int().nonnegative(),
    result: z.number(),
  }),
  z.strictObject({
    kind: z.literal('activation'),
    ...stepSource,
    activation: z.string(),
    /** Of leaky-relu below zero; null for the others. */
    negativeSlope: z.number().nullable(),
    input: z.number(),
    result: z.number(),
  }),
  z.strictObject({
    kind: z.literal('softmax'),
    ...stepSource,
    /** The unit asked about. */
    unit: z.int().nonnegative(),
    logits: float32Array,
    exponentials: float32Array,
    sum: z.number(),
    probabilities: float32Array,
  }),
]);
export type UnitWalk = z.infer<typeof unitWalk>;

/** Outputs of each hidden layer of a net for some inputs, [inputs, units] flat. */
export const activationProfile = z.strictObject({
  layers: z.array(z.strictObject({ layer: z.string(), units: z.int().positive(), values: float32Array })),
  inputs: z.int().positive(),
});
export type ActivationProfile = z.infer<typeof activationProfile>;

/** A layer's outputs for examples of a split, on their two first principal axes. Parallel arrays. */
export const embedding = z.strictObject({
  layer: z.string(),
  rows: int32Array,
  x: float32Array,
  y: float32Array,
  explained: z.tuple([z.number(), z.number()]),
});
export type Embedding = z.infer<typeof embedding>;

/** Outputs of every unit of a layer, in 256 steps so that they are sent while a pen moves. */
export const padMaps = z.strictObject({
  layer: z.string(),
  /** [height, width, units], or [units] of a flat layer. */
  shape: z.array(z.int().positive()),
  /** 0 for `minimum` to 255 for `maximum`, in equal steps. */
  values: z.instanceof(Uint8Array<ArrayBuffer>),
  minimum: z.number(),
  maximum: z.number(),
  /** Units, that of the largest mean activation first. */
  order: int32Array,
});
export type PadMaps = z.infer<typeof padMaps>;

/** What one net says to a drawing. */
export const padAnswer = z.strictObject({
  runId,
  epoch: z.int().nonnegative(),
  /** Per head: probability of each class. */
  heads: z.array(
    z.strictObject({ name: z.string(), classes: z.array(z.string()), probabilities: float32Array }),
  ),
  /** Of the layer asked for; null where none was. */
  maps: padMaps.nullable(),
  /** Time its process took for it. */
  durationMs: z.number().nonnegative(),
});
export type PadAnswer = z.infer<typeof padAnswer>;
