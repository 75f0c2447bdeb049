import type { Experiment } from '../schema/experiment.ts';

/** Epochs that a run will take at most; what is fitted or measured at one go counts as one. */
export function plannedEpochs({ svm, lab, training }: Experiment): number {
  return svm === null && lab === null ? training.epochs : 1;
}
