import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { SplitName } from '../../../shared/schema/dataset.ts';
import type { MetricPoint } from '../../../shared/schema/metric.ts';
import type { LogLine } from '../../../shared/schema/run.ts';
import type { SvmSpec } from '../../../shared/schema/svm.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { splitDataset } from '../../data/index.ts';
import type { ExampleSet, LoadedDataset, SplitIndices } from '../../data/loaded-dataset.ts';
import { fitPreprocessing, type FittedPreprocessing } from '../../preprocess/index.ts';
import { refuseIfFaulty } from '../prepare-run.ts';
import { prepareRows } from '../prepared-rows.ts';
import { runSingleEpoch, type WorkOutcome, type WorkProgress, type WorkSession } from '../single-epoch.ts';
import type { Slices } from '../slices.ts';
import { fitSvm, type SvmExamples, type SvmFit } from './fit.ts';
import { classPairs, svmState, type SvmModel } from './model.ts';
import { predictSvm } from './predict.ts';

/** An experiment with a support vector machine, worked out as far as it needs no engine. */
export interface PreparedSvm {
  readonly spec: SvmSpec;
  readonly dataset: LoadedDataset;
  readonly split: SplitIndices;
  readonly preprocessing: FittedPreprocessing;
}

/** Takes a line for the run's log. */
type Log = (level: LogLine['level'], text: string) => void;

/**
 * Splits the data and fits the preparation on the training rows.
 * @param fitted preparation that the run was begun with; null to fit it
 * @throws StudioError `invalid-input` with the path of the fault, a dataset without classes among them
 */
export function prepareSvm(
  experiment: Experiment,
  seed: number,
  dataset: LoadedDataset,
  fitted: FittedPreprocessing | null = null,
): PreparedSvm {
  refuseIfFaulty(experiment, dataset);
  const spec = experiment.svm;
  if (spec === null || !(dataset.train.targets[0] instanceof Int32Array)) {
    throw new StudioError(
      'invalid-input',
      `support vector machine: ${dataset.info.name} has no classes to tell apart; take a dataset with classes`,
      { path: 'svm' },
    );
  }
  const split = splitDataset(dataset, experiment.data.split, seed);
  const preprocessing = fitted ?? fitPreprocessing(experiment.preprocessing, dataset.train, split.train);
  return { spec, dataset, split, preprocessing };
}

/**
 * Does the preparation that is done once and not by rows (whitening), with the running engine. Returns the machine itself
 * where there is none. A machine must not be run before.
 * @throws StudioError as `FittedPreprocessing.materialise`
 */
export async function materialiseSvm(prepared: PreparedSvm): Promise<PreparedSvm> {
  const { dataset, preprocessing } = prepared;
  const { materialise } = preprocessing;
  if (materialise === null) return prepared;
  const prepare = async (part: ExampleSet): Promise<ExampleSet> => ({
    ...part,
    features: await materialise(part.features),
  });
  const train = await prepare(dataset.train);
  return { ...prepared, dataset: { ...dataset, train, test: await prepare(dataset.test) } };
}

/** Rows of a materialised part, prepared, with their labels. */
async function takeExamples(
  { preprocessing }: PreparedSvm,
  { features, targets }: ExampleSet,
  rows: Int32Array,
  slices: Slices,
): Promise<SvmExamples> {
  const values = await prepareRows(preprocessing, features, rows, slices);
  const labels = Int32Array.from(rows, (row) => targets[0]![row]!);
  return { values, features: values.length / Math.max(1, rows.length), labels };
}

async function measure(
  model: SvmModel,
  split: SplitName,
  { values, labels }: SvmExamples,
  step: number,
  slices: Slices,
): Promise<MetricPoint[]> {
  if (labels.length === 0) return [];
  const predicted = await predictSvm(model, values, slices);
  const right = labels.reduce((count, label, i) => count + (predicted.labels[i] === label ? 1 : 0), 0);
  return [{ split, metric: 'accuracy', epoch: 1, step, value: right / labels.length }];
}

/** Tells how the fit went, e.g. "Support vectors: 2,305 of 7,291 examples after 14,885 iterations." */
function describeFit({ model, iterations, unconvergedPairs }: SvmFit, examples: number, log: Log): void {
  const count = new Intl.NumberFormat('en-GB');
  const vectors = model.supportVectors.length / model.features;
  log(
    'info',
    `Support vectors: ${count.format(vectors)} of ${count.format(examples)} examples ` +
      `after ${count.format(iterations)} iterations.`,
  );
  if (unconvergedPairs === 0) return;
  log(
    'warning',
    `${unconvergedPairs} pairs of classes reached the limit of iterations, so their answer is not the best one; take a ` +
      'smaller C, or scale the features.',
  );
}

async function fitAndMeasure(
  prepared: PreparedSvm,
  pairs: number,
  progress: WorkProgress,
  log: Log,
): Promise<WorkOutcome> {
  const { dataset, split, spec } = prepared;
  const { slices } = progress;
  const train = await takeExamples(prepared, dataset.train, split.train, slices);
  const fit = await fitSvm(train, spec, { slices, onPair: (done) => progress.report(done) });
  describeFit(fit, split.train.length, log);
  progress.report(pairs, 'evaluating');
  const dev = await takeExamples(prepared, dataset.train, split.dev, slices);
  const test = await takeExamples(prepared, dataset.test, split.test, slices);
  const measured = (name: SplitName, examples: SvmExamples): Promise<MetricPoint[]> =>
    measure(fit.model, name, examples, pairs, slices);
  return {
    points: [...(await measured('train', train)), ...(await measured('dev', dev))],
    finalPoints: await measured('test', test),
    state: svmState(fit.model),
    examples: split.train.length,
  };
}

/** Steps of the fit: a pair of classes each. */
function countPairs({ dataset, split }: PreparedSvm): number {
  const present = new Set(Array.from(split.train, (row) => dataset.train.targets[0]![row]!));
  return Math.max(1, classPairs(present.size).length);
}

/**
 * Fits and measures a support vector machine and tells it as one epoch, whose steps are pairs of classes. Needs a running
 * engine for the preparation.
 * @param prepared machine that has gone through {@link materialiseSvm}
 * @throws StudioError `invalid-input` where the training part has one class only, `disk-full`
 */
export async function runSvm(session: WorkSession, prepared: PreparedSvm, log: Log): Promise<void> {
  const pairs = countPairs(prepared);
  await runSingleEpoch(session, pairs, (progress) => fitAndMeasure(prepared, pairs, progress, log));
}
