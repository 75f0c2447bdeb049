export { fitSvm, scaleGamma, type SvmExamples, type SvmFit, type SvmFitOptions } from './fit.ts';
export { readSvmCheckpoint, restoreSvm, svmState, type SvmModel } from './model.ts';
export { predictSvm, type SvmPredictions } from './predict.ts';
export { materialiseSvm, prepareSvm, runSvm, type PreparedSvm } from './run-svm.ts';
