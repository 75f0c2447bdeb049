import type { StoredPreprocessing } from '../../preprocess/index.ts';

/** The numbers of a run's preparation of inputs: x * scale + offset per feature, then the whitening matrix. */
export interface PreprocessingNumbers {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** [features, features] flat; null for none. */
  readonly whitening: Float32Array | null;
}

/** Of what a run has stored. */
export function preprocessingNumbers({
  scale,
  offset,
  whitening,
}: StoredPreprocessing): PreprocessingNumbers {
  if (whitening === null) return { scale, offset, whitening };
  const bytes = new Uint8Array(Buffer.from(whitening, 'base64'));
  return { scale, offset, whitening: new Float32Array(bytes.buffer) };
}
