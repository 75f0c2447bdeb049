export { checkPreprocessing } from './check.ts';
export { fitPreprocessing } from './fit-preprocessing.ts';
export { restorePreprocessing, type FittedPreprocessing } from './fitted-preprocessing.ts';
export { storedPreprocessing, type StoredPreprocessing } from './stored-preprocessing.ts';
export type { FittedTarget, TargetStep } from './target.ts';
export type {
  Augmentation,
  AugmentationContext,
  AugmentedBatch,
  BatchMix,
  RandomSource,
} from './augment/augmentation.ts';
