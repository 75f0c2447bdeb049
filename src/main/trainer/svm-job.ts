import { loadDataset } from '../data/index.ts';
import type { TrainingJob } from '../training/events.ts';
import { materialiseSvm, prepareSvm, runSvm } from '../training/svm/index.ts';
import { describeData, describeSvm } from './log-lines.ts';
import { recallPreprocessing, storePreprocessing } from './run-preprocessing.ts';
import {
  describeProvenance,
  log,
  openJobEngine,
  type Disposables,
  type TrainerSurroundings,
} from './surroundings.ts';
import { openWorkSession, STEP_BY_STEP } from './work-session.ts';

/**
 * Fits a support vector machine. tfjs's JavaScript engine prepares the examples and the studio's own solver, in
 * JavaScript too, does the rest: the numbers are the same on every machine.
 */
export async function fitSvmJob(
  job: TrainingJob,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<void> {
  const session = openWorkSession(job, surroundings);
  const dataset = await loadDataset(job.experiment.data, job.datasetDirectory);
  const planned = prepareSvm(job.experiment, job.seed, dataset, await recallPreprocessing(job));
  log(surroundings, describeData(dataset, planned.split));
  log(surroundings, describeSvm(planned.spec));
  const options = { ...job.engine, choice: 'cpu' } as const;
  const engine = await openJobEngine(job, options, null, surroundings, disposables);
  const prepared = await materialiseSvm(planned);
  const preprocessing = await storePreprocessing(job, prepared.preprocessing);
  const provenance = describeProvenance(dataset, prepared.split, engine, STEP_BY_STEP, surroundings);
  surroundings.emit({ kind: 'started', compileMs: 0, provenance, preprocessing });
  await runSvm(session, prepared, (level, text) => log(surroundings, text, level));
}
