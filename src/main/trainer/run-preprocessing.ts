import type { Artifact } from '../../shared/schema/artifact.ts';
import type { FittedPreprocessing } from '../preprocess/index.ts';
import type { TrainingJob } from '../training/events.ts';
import { readPreprocessing, writePreprocessing } from '../training/preprocessing-files.ts';

/**
 * The preparation that a resumed run was begun with; null where it is to be fitted.
 * @throws StudioError `not-found` or `data-damaged`
 */
export async function recallPreprocessing(job: TrainingJob): Promise<FittedPreprocessing | null> {
  return job.preprocessing === null ? null : readPreprocessing(job.artifactDirectory, job.preprocessing);
}

/**
 * Puts a run's fitted preparation on the disk, once in its life. Null for an experiment that prepares nothing.
 * @throws StudioError `disk-full`
 */
export async function storePreprocessing(
  { experiment, preprocessing, artifactDirectory, runId }: TrainingJob,
  fitted: FittedPreprocessing,
): Promise<Artifact | null> {
  if (preprocessing !== null || experiment.preprocessing.length === 0) return preprocessing;
  return writePreprocessing(artifactDirectory, runId, fitted);
}
