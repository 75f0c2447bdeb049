import type { TrainingJob } from '../training/events.ts';
import { measureLab } from './lab-job.ts';
import { trainNet } from './net-job.ts';
import type { Disposables, TrainerSurroundings } from './surroundings.ts';
import { fitSvmJob } from './svm-job.ts';

async function obey(
  job: TrainingJob,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<void> {
  const { lab, svm } = job.experiment;
  if (lab !== null) return measureLab(job, lab, surroundings, disposables);
  if (svm !== null) return fitSvmJob(job, surroundings, disposables);
  return trainNet(job, surroundings, disposables);
}

/**
 * Does one job to its end, telling everything by events; the last is `finished` or `cancelled`. Everything it opens it
 * gives back, the engine last.
 * @throws StudioError for what is expected to go wrong; the caller tells it as `failed`
 */
export async function runJob(job: TrainingJob, surroundings: TrainerSurroundings): Promise<void> {
  const disposables: Disposables = [];
  try {
    await obey(job, surroundings, disposables);
  } finally {
    for (const disposable of disposables.reverse()) disposable.dispose();
  }
}
