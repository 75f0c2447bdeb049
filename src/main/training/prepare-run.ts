import { StudioError } from '../../shared/ipc/errors.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { splitDataset } from '../data/index.ts';
import type { LoadedDataset, SplitIndices } from '../data/loaded-dataset.ts';
import type { EvaluationStep, TrainingStep, Workload } from '../engine/engine.ts';
import type { Measure, PredictionTask } from '../metrics/measure.ts';
import { chooseMeasures } from '../metrics/metrics.ts';
import { checkExperiment, stepsPerEpoch } from '../model/check-experiment.ts';
import { hasConvolutions, planModel, type ModelPlan } from '../model/plan.ts';
import { fitPreprocessing } from '../preprocess/index.ts';
import { createEvaluationStep } from './evaluation-step.ts';
import { createOptimizer, type Optimizer } from './optimizers/index.ts';
import { residentInputs } from './resident-inputs.ts';
import { createTrainingStep } from './training-step.ts';

/** A run worked out on paper: everything an engine needs, nothing computed yet. */
export interface PreparedRun {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly plan: ModelPlan;
  readonly split: SplitIndices;
  readonly measures: readonly Measure[];
  readonly optimizer: Optimizer;
  readonly step: TrainingStep;
  /** Dev shares its data with the training step; test has its own. */
  readonly evaluation: { readonly dev: EvaluationStep; readonly test: EvaluationStep };
  readonly stepsPerEpoch: number;
}

function refuseIfFaulty(experiment: Experiment, dataset: LoadedDataset): void {
  const issues = checkExperiment(experiment, dataset.info);
  const [first] = issues;
  if (first === undefined) return;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new StudioError('invalid-input', `experiment, ${first.path}: ${first.message}${more}`, {
    path: first.path,
    issues,
  });
}

function predictionTask(plan: ModelPlan, dataset: LoadedDataset): PredictionTask {
  const outputCount = plan.outputShape[0] ?? 1;
  const { targets, exampleCount } = dataset.train;
  const found = targets.length / exampleCount;
  if (dataset.info.task === 'regression' && found !== outputCount) {
    throw new StudioError(
      'shape-mismatch',
      `model: gives ${outputCount} numbers per example and ${dataset.info.name} has ${found} targets; ` +
        `end with a dense layer of ${found} units`,
      { path: `model.layers.${plan.layers.length - 1}.units` },
    );
  }
  return { outputCount, classCount: dataset.info.classes.length };
}

/**
 * Splits the data, fits the preparation on the training rows and assembles the steps. The dataset's arrays are
 * shared with the result.
 * @throws StudioError `invalid-input` or `shape-mismatch` with the path of the fault
 */
export function prepareRun(experiment: Experiment, seed: number, dataset: LoadedDataset): PreparedRun {
  refuseIfFaulty(experiment, dataset);
  const { training, evaluation } = experiment;
  const plan = planModel(experiment.model, dataset.train.features.shape.slice(1));
  const split = splitDataset(dataset, experiment.data.split, seed);
  const preprocessing = fitPreprocessing(experiment.preprocessing, dataset.train.features, split.train);
  const measures = chooseMeasures(training.loss, evaluation.metrics, predictionTask(plan, dataset));
  const optimizer = createOptimizer(training.optimizer);
  const inputs = residentInputs(dataset.train);
  const parts = { plan, preprocessing, measures, optimizer, inputs, seed };
  return {
    experiment,
    seed,
    plan,
    split,
    measures,
    optimizer,
    step: createTrainingStep(parts),
    evaluation: {
      dev: createEvaluationStep(parts, inputs),
      test: createEvaluationStep(parts, residentInputs(dataset.test)),
    },
    stepsPerEpoch: stepsPerEpoch(training, split.train.length),
  };
}

/** What the engine should know before it starts its threads. */
export function workloadOf({ experiment, plan, step }: PreparedRun): Workload {
  return {
    batchSize: experiment.training.batchSize,
    hasConvolutions: hasConvolutions(plan),
    separable: step.separable === true,
  };
}
