export type {
  Augmentation,
  AugmentationContext,
  AugmentedBatch,
  BatchMix,
  RandomSource,
} from './augment/augmentation.ts';
export { checkAugmentation } from './augment/check-augmentation.ts';
export { createAugmentation } from './augment/create-augmentation.ts';
export { checkPreprocessing } from './check-preprocessing.ts';
export { fitPreprocessing } from './fit-preprocessing.ts';
export { restorePreprocessing, type FittedPreprocessing } from './fitted-preprocessing.ts';
export { storedPreprocessing, type StoredPreprocessing } from './stored-preprocessing.ts';
export type { FittedTarget, TargetStep } from './target.ts';
