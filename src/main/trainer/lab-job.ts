import type { LabSpec } from '../../shared/schema/lab.ts';
import { loadDataset } from '../data/index.ts';
import type { TrainingJob } from '../training/events.ts';
import { runChainedProducts, runInitialisation } from '../training/lab/index.ts';
import { materialiseRun, prepareRun, workloadOf } from '../training/prepare-run.ts';
import { describeData, describeModel } from './log-lines.ts';
import {
  describeProvenance,
  log,
  openJobEngine,
  type Disposables,
  type TrainerSurroundings,
} from './surroundings.ts';
import { openWorkSession, STEP_BY_STEP } from './work-session.ts';

/** Provenance of a lab that looks at no data. */
const NO_DATA = { sha256: '' };

async function multiply(
  job: TrainingJob,
  spec: Extract<LabSpec, { kind: 'chained-products' }>,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<void> {
  const session = openWorkSession(job, surroundings);
  // Nothing of it is used; the provenance says what kind of arithmetic it was.
  const options = { ...job.engine, choice: 'cpu' } as const;
  const engine = await openJobEngine(job, options, null, surroundings, disposables);
  const provenance = describeProvenance(NO_DATA, NO_DATA, engine, STEP_BY_STEP, surroundings);
  surroundings.emit({ kind: 'started', compileMs: 0, provenance, preprocessing: null });
  await runChainedProducts(session, spec);
}

async function measureFirstWeights(
  job: TrainingJob,
  batchSize: number,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<void> {
  const session = openWorkSession(job, surroundings);
  const dataset = await loadDataset(job.experiment.data, job.datasetDirectory);
  const planned = prepareRun(job.experiment, job.seed, dataset);
  log(surroundings, describeData(dataset, planned.split));
  log(surroundings, describeModel(planned.plan));
  const engine = await openJobEngine(job, job.engine, workloadOf(planned), surroundings, disposables);
  const prepared = await materialiseRun(planned);
  const provenance = describeProvenance(dataset, prepared.split, engine, STEP_BY_STEP, surroundings);
  surroundings.emit({ kind: 'started', compileMs: 0, provenance, preprocessing: null });
  await runInitialisation(session, prepared, engine, batchSize);
}

/** Measures what the experiment's laboratory asks for. */
export async function measureLab(
  job: TrainingJob,
  lab: LabSpec,
  surroundings: TrainerSurroundings,
  disposables: Disposables,
): Promise<void> {
  switch (lab.kind) {
    case 'chained-products':
      return multiply(job, lab, surroundings, disposables);
    case 'initialisation':
      return measureFirstWeights(job, lab.batchSize, surroundings, disposables);
    default:
      lab satisfies never;
  }
}
