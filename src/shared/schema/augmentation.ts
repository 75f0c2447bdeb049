import { z } from 'zod';

const share = z.number().min(0).max(1);

/**
 * One random change of a training image, drawn anew for every example of every batch from the run's `augmentation`
 * stream; dev and test are never changed. Steps act in their order, on the prepared image.
 */
export const augmentationStep = z.discriminatedUnion('kind', [
  /** By an angle uniform in [-degrees, degrees], bilinear, zeros outside. */
  z.strictObject({ kind: z.literal('rotation'), degrees: z.number().min(0).max(180) }),
  /** By whole pixels uniform in [-pixels, pixels] each way, zeros outside. */
  z.strictObject({ kind: z.literal('shift'), pixels: z.int().min(1).max(512) }),
  /** Pads with zeros on every side and cuts a window of the original size at random. */
  z.strictObject({ kind: z.literal('crop'), padding: z.int().min(1).max(512) }),
  /** Left to right (or top to bottom) with the given probability. */
  z.strictObject({
    kind: z.literal('flip'),
    axis: z.enum(['horizontal', 'vertical']).default('horizontal'),
    probability: share.default(0.5),
  }),
  /** Adds a number uniform in [-amount, amount] to all values of an image. */
  z.strictObject({ kind: z.literal('brightness'), amount: z.number().min(0).max(10) }),
  /** Multiplies the distance from the image's mean by a factor uniform in [1 - amount, 1 + amount]. */
  z.strictObject({ kind: z.literal('contrast'), amount: share }),
  /** Adds Gaussian noise of this standard deviation to every value. */
  z.strictObject({ kind: z.literal('noise'), standardDeviation: z.number().min(0).max(10) }),
  /** Sets a square of this side, centred anywhere, to zero (DeVries and Taylor 2017). */
  z.strictObject({ kind: z.literal('cutout'), size: z.int().min(1).max(1_024) }),
  /**
   * Pastes a rectangle of another image of the batch and mixes the targets by area; the share is drawn from
   * Beta(alpha, alpha) (Yun et al. 2019).
   */
  z.strictObject({
    kind: z.literal('cutmix'),
    alpha: z.number().positive().max(100).default(1),
    probability: share.default(1),
  }),
  /** Mixes two images and their targets with a share from Beta(alpha, alpha) (Zhang et al. 2018). */
  z.strictObject({
    kind: z.literal('mixup'),
    alpha: z.number().positive().max(100).default(0.2),
    probability: share.default(1),
  }),
]);
export type AugmentationStep = z.infer<typeof augmentationStep>;

export const augmentationSpec = z.array(augmentationStep).max(16).default([]);
export type AugmentationSpec = z.infer<typeof augmentationSpec>;
