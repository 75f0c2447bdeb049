import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Features } from '../data/loaded-dataset.ts';
import { applyAffine, type Affine } from './affine.ts';
import { decodeNumbers, encodeNumbers } from './base64-numbers.ts';
import { featureCount } from './moments.ts';
import { storedPreprocessing, type StoredPreprocessing } from './stored-preprocessing.ts';
import { createTarget, type FittedTarget, type TargetStep } from './target.ts';
import { whiten, type Whitening } from './whitening.ts';

/** Preprocessing with its numbers, the same for train, dev and test. */
export interface FittedPreprocessing {
  /**
   * Prepares a batch with tfjs ops, so that it can be part of a traced step. Where {@link materialise} is not null the
   * batch must come from its result, and is left as it is.
   * @param x [batch, ...example], any numeric type; borrowed
   * @returns float32 of the same shape, the caller's (inside a tidy: the tidy's)
   */
  apply(x: Tensor): Tensor;
  /** For the main target; the identity for classes. */
  readonly target: FittedTarget;
  /**
   * Does once and up front what would cost too much in every step (whitening), with the running engine: any part's
   * features -> float32 features of the same shape. Null where {@link apply} does everything. The first call fits the
   * whitening on the training rows, so it takes seconds for wide examples.
   * Throws StudioError `invalid-input` where it cannot be computed.
   */
  readonly materialise: ((features: Features) => Promise<Features>) | null;
  /**
   * The numbers, for {@link restorePreprocessing}.
   * Throws StudioError `invalid-input` while whitening is not fitted, before the first {@link materialise}.
   */
  toJSON(): StoredPreprocessing;
}

/** The numbers of fitted preprocessing; whitening may be fitted later, once. */
export interface PreprocessingNumbers {
  readonly affine: Affine;
  readonly target: readonly TargetStep[];
  /** Null for none. */
  readonly whitening: (() => Promise<Whitening>) | null;
}

function checkWidth(features: Features, { scale }: Affine): void {
  const found = featureCount(features);
  if (found === scale.length) return;
  throw new StudioError(
    'shape-mismatch',
    `preprocessing: an example has ${found} features, expected the ${scale.length} it was fitted on; ` +
      'use the dataset the run was trained with',
    { found, expected: scale.length },
  );
}

/** A cast of a float32 tensor shares its memory; the caller must get one of its own. */
function inFloat(x: Tensor): Tensor {
  return tf.tidy(() => tf.clone(tf.cast(x, 'float32')));
}

/** Whitening done up front; it is fitted on the first use and kept. */
class LazyWhitening {
  readonly #affine: Affine;
  readonly #fit: () => Promise<Whitening>;
  #pending: Promise<Whitening> | null = null;
  fitted: Whitening | null = null;

  constructor(affine: Affine, fit: () => Promise<Whitening>) {
    this.#affine = affine;
    this.#fit = fit;
  }

  async materialise(features: Features): Promise<Features> {
    checkWidth(features, this.#affine);
    this.#pending ??= this.#fit();
    this.fitted = await this.#pending;
    return whiten(features, this.#affine, this.fitted);
  }

  encoded(): string {
    if (this.fitted !== null) return encodeNumbers(this.fitted.matrix);
    throw new StudioError(
      'invalid-input',
      'preprocessing: the whitening is not fitted yet and cannot be stored; materialise the training features first',
    );
  }
}

/** Puts numbers to use. */
export function createPreprocessing(numbers: PreprocessingNumbers): FittedPreprocessing {
  const { affine, target } = numbers;
  const whitening = numbers.whitening === null ? null : new LazyWhitening(affine, numbers.whitening);
  return {
    apply: whitening === null ? (x) => applyAffine(x, affine) : inFloat,
    target: createTarget(target),
    materialise: whitening === null ? null : (features) => whitening.materialise(features),
    toJSON: () => ({
      scale: [...affine.scale],
      offset: [...affine.offset],
      whitening: whitening?.encoded() ?? null,
      target: [...target],
    }),
  };
}

/**
 * Rebuilds what {@link FittedPreprocessing.toJSON} gave.
 * @throws StudioError `data-damaged` where the stored form is not valid
 */
export function restorePreprocessing(stored: unknown): FittedPreprocessing {
  const parsed = storedPreprocessing.safeParse(stored);
  if (!parsed.success) {
    throw new StudioError(
      'data-damaged',
      `preprocessing: the stored numbers are not valid (${parsed.error.issues[0]?.message ?? 'unknown'}); ` +
        'start the run anew',
    );
  }
  const { scale, offset, whitening, target } = parsed.data;
  const width = scale.length;
  return createPreprocessing({
    affine: { scale: Float64Array.from(scale), offset: Float64Array.from(offset) },
    target,
    whitening: whitening === null ? null : () => Promise.resolve({ width, matrix: decodeNumbers(whitening) }),
  });
}
