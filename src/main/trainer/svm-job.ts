import { loadDataset } from '../data/index.ts';
import type { TrainingJob } from '../training/events.ts';
import { prepareSvm, runSvm } from '../training/svm/index.ts';
import { describeData, describeSvm } from './log-lines.ts';
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
  const prepared = prepareSvm(job.experiment, job.seed, dataset);
  log(surroundings, describeData(dataset, prepared.split));
  log(surroundings, describeSvm(prepared.spec));
  const options = { ...job.engine, choice: 'cpu' } as const;
  const engine = await openJobEngine(job, options, null, surroundings, disposables);
  const provenance = describeProvenance(dataset, prepared.split, engine, STEP_BY_STEP, surroundings);
  surroundings.emit({ kind: 'started', compileMs: 0, provenance });
  await runSvm(session, prepared, (level, text) => log(surroundings, text, level));
}
