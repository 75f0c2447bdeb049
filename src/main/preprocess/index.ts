export {
  fitPreprocessing,
  restorePreprocessing,
  storedPreprocessing,
  type FittedPreprocessing,
  type StoredPreprocessing,
} from './fitted-preprocessing.ts';
