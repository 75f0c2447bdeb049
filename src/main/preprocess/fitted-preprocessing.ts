import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { PreprocessingSpec, PreprocessingStep } from '../../shared/schema/preprocessing.ts';
import type { Features } from '../data/loaded-dataset.ts';
import {
  applyAffine,
  identityAffine,
  mapMoments,
  scaledToUnit,
  standardised,
  type Affine,
} from './affine.ts';
import { featureCount, measureMoments, poolByChannel, type FeatureMoments } from './moments.ts';

/** How fitted preprocessing is stored with a checkpoint. */
export const storedPreprocessing = z
  .strictObject({ scale: z.array(z.number()), offset: z.array(z.number()) })
  .refine(({ scale, offset }) => scale.length === offset.length, 'scale and offset differ in length');
export type StoredPreprocessing = z.infer<typeof storedPreprocessing>;

/** Preprocessing with its numbers, the same for train, dev and test. */
export interface FittedPreprocessing {
  /**
   * Prepares a batch with tfjs ops, so that it can be part of a traced step.
   * @param x [batch, ...example], any numeric type; borrowed
   * @returns float32 of the same shape, the caller's (inside a tidy: the tidy's)
   */
  apply(x: Tensor): Tensor;
  toJSON(): StoredPreprocessing;
}

function fromAffine(affine: Affine): FittedPreprocessing {
  return {
    apply: (x) => applyAffine(x, affine),
    toJSON: () => ({ scale: [...affine.scale], offset: [...affine.offset] }),
  };
}

function checkEightBit(features: Features): void {
  if (features.values instanceof Uint8Array) return;
  throw new StudioError(
    'invalid-input',
    'preprocessing: unit-scale divides 8-bit values by 255 and this dataset holds float32 values; ' +
      'remove the step or use standardise',
    { path: 'preprocessing' },
  );
}

function addStep(
  affine: Affine,
  step: PreprocessingStep,
  features: Features,
  moments: () => FeatureMoments,
): Affine {
  switch (step.kind) {
    case 'unit-scale':
      checkEightBit(features);
      return scaledToUnit(affine);
    case 'standardise': {
      const mapped = mapMoments(moments(), affine);
      const pooled = step.per === 'channel' ? poolByChannel(mapped, features.shape.at(-1) ?? 1) : mapped;
      return standardised(affine, pooled);
    }
    default:
      return step satisfies never;
  }
}

/**
 * Fits the steps, in their order, on the given rows only (the training rows: anything else would leak), and folds
 * them into one multiplication and one addition per feature. Statistics are taken in float64.
 * @throws StudioError `invalid-input` where a step does not fit the data, or there are no rows to fit on
 */
export function fitPreprocessing(
  spec: PreprocessingSpec,
  features: Features,
  rows: Int32Array,
): FittedPreprocessing {
  if (rows.length === 0) {
    throw new StudioError(
      'invalid-input',
      'preprocessing: no training rows to fit on; make the dev part smaller',
    );
  }
  let measured: FeatureMoments | null = null;
  const moments = (): FeatureMoments => (measured ??= measureMoments(features, rows));
  const start = identityAffine(featureCount(features));
  return fromAffine(spec.reduce((affine, step) => addStep(affine, step, features, moments), start));
}

/**
 * Rebuilds what {@link FittedPreprocessing.toJSON} gave.
 * @throws StudioError `data-damaged` where the stored form is not valid
 */
export function restorePreprocessing(stored: unknown): FittedPreprocessing {
  const parsed = storedPreprocessing.safeParse(stored);
  if (parsed.success) {
    const { scale, offset } = parsed.data;
    return fromAffine({ scale: Float64Array.from(scale), offset: Float64Array.from(offset) });
  }
  throw new StudioError(
    'data-damaged',
    `preprocessing: the checkpoint's stored numbers are not valid (${parsed.error.issues[0]?.message ?? 'unknown'}); ` +
      'use an earlier checkpoint',
  );
}
