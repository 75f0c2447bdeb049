import { StudioError } from '../../shared/ipc/errors.ts';
import type { DatasetInfo, SplitSpec } from '../../shared/schema/dataset.ts';
import type { Experiment, ExperimentIssue } from '../../shared/schema/experiment.ts';
import type { ActivationKind, LayerSpec } from '../../shared/schema/model.ts';
import type { LossKind } from '../../shared/schema/training.ts';
import { describeShape } from './layers/definition.ts';
import { planModel, type ModelPlan } from './plan.ts';

/** Numbers of examples after the split. */
export interface SplitSizes {
  readonly train: number;
  readonly dev: number;
  readonly test: number;
}

/** How many examples each split will have, before anything is loaded. */
export function splitSizes(
  spec: SplitSpec,
  info: Pick<DatasetInfo, 'trainExamples' | 'testExamples'>,
): SplitSizes {
  const available = Math.min(spec.trainLimit ?? Infinity, info.trainExamples);
  const dev = Math.min(Math.round(spec.devFraction * available), available - 1);
  return { train: available - dev, dev, test: Math.min(spec.testLimit ?? Infinity, info.testExamples) };
}

/** Optimizer steps of one epoch over `trainExamples` examples. */
export function stepsPerEpoch(
  training: Pick<Experiment['training'], 'batchSize' | 'dropLastBatch'>,
  trainExamples: number,
): number {
  const batches = trainExamples / training.batchSize;
  return training.dropLastBatch ? Math.floor(batches) : Math.ceil(batches);
}

type Report = (path: string, message: string) => void;

const takesLogits: readonly LossKind[] = [
  'sparse-softmax-cross-entropy',
  'one-hot-softmax-cross-entropy',
  'binary-cross-entropy',
];

function activationOf(layer: LayerSpec): ActivationKind {
  return 'activation' in layer ? layer.activation : 'linear';
}

function checkLastActivation(experiment: Experiment, report: Report): void {
  const { layers } = experiment.model;
  const last = layers.findLastIndex((layer) => layer.kind !== 'dropout' && layer.kind !== 'flatten');
  const layer = layers[last];
  const { loss } = experiment.training;
  if (layer === undefined || !takesLogits.includes(loss)) return;
  const activation = activationOf(layer);
  if (activation !== 'softmax' && activation !== 'sigmoid') return;
  report(
    `model.layers.${last}.activation`,
    `the loss ${loss} applies ${loss === 'binary-cross-entropy' ? 'sigmoid' : 'softmax'} itself, so a last ` +
      `${activation} would be applied twice and the loss could not fall to 0; make this activation linear`,
  );
}

/** Output counts a loss accepts, or null where it does not fit the task. */
function acceptedOutputs(loss: LossKind, info: DatasetInfo): readonly number[] | null {
  const classes = info.classes.length;
  switch (loss) {
    case 'sparse-softmax-cross-entropy':
    case 'one-hot-softmax-cross-entropy':
      return info.task === 'classification' ? [classes] : null;
    case 'binary-cross-entropy':
      return classes === 2 ? [1] : null;
    case 'mean-squared-error':
    case 'mean-absolute-error':
      if (info.task === 'regression') return [1];
      return classes === 2 ? [1, classes] : [classes];
    default:
      return loss satisfies never;
  }
}

function describeTask(info: DatasetInfo): string {
  return info.task === 'regression' ? 'a regression' : `a classification with ${info.classes.length} classes`;
}

function checkLoss(experiment: Experiment, info: DatasetInfo, plan: ModelPlan, report: Report): void {
  const { loss } = experiment.training;
  const accepted = acceptedOutputs(loss, info);
  if (accepted === null) {
    const wayOut =
      info.task === 'regression'
        ? 'take mean-squared-error or mean-absolute-error'
        : 'take sparse-softmax-cross-entropy';
    report('training.loss', `${loss} does not fit ${info.name}, ${describeTask(info)}; ${wayOut}`);
    return;
  }
  const [units] = plan.outputShape;
  if (plan.outputShape.length === 1 && units !== undefined && accepted.includes(units)) return;
  report(
    `model.layers.${plan.layers.length - 1}`,
    `the model gives ${describeShape(plan.outputShape)} numbers per example; ${loss} on ${info.name} needs ` +
      `${accepted.join(' or ')}: end with a dense layer of ${accepted[0]} units`,
  );
}

function checkMetrics(experiment: Experiment, info: DatasetInfo, report: Report): void {
  experiment.evaluation.metrics.forEach((metric, index) => {
    if (metric !== 'accuracy' || info.task === 'classification') return;
    report(
      `evaluation.metrics.${index}`,
      `accuracy needs classes and ${info.name} is a regression; take root-mean-squared-error or mean-absolute-error`,
    );
  });
}

function checkPreprocessing(experiment: Experiment, info: DatasetInfo, report: Report): void {
  experiment.preprocessing.forEach((step, index) => {
    if (step.kind !== 'unit-scale') return;
    const path = `preprocessing.${index}`;
    if (info.featureShape.length !== 3) {
      report(
        path,
        `unit-scale divides 8-bit values by 255 and ${info.name} has real numbers; take standardise or leave it out`,
      );
    } else if (index > 0) {
      report(path, 'unit-scale expects 8-bit values, so it must be the first step; move it to the front');
    }
  });
}

function checkRows(experiment: Experiment, info: DatasetInfo, plan: ModelPlan, report: Report): void {
  const { batchSize, dropLastBatch } = experiment.training;
  const { train } = splitSizes(experiment.data.split, info);
  if (dropLastBatch && batchSize > train) {
    report(
      'training.batchSize',
      `a batch of ${batchSize} is larger than the ${train} training examples and the last batch is dropped, so no step ` +
        'would be taken; take a smaller batch or keep the last one',
    );
  }
  const last = dropLastBatch ? batchSize : train % batchSize || batchSize;
  const alone = plan.layers.find(
    (layer) => layer.spec.kind === 'batch-norm' && layer.inputShape.length === 1,
  );
  if (last === 1 && alone !== undefined) {
    report(
      'training.batchSize',
      `a batch of one example has no variance for layer '${alone.name}' (batch-norm); take another batch size or ` +
        'drop the last batch',
    );
  }
}

function checkSplit(experiment: Experiment, info: DatasetInfo, report: Report): void {
  const { trainLimit, testLimit } = experiment.data.split;
  const limits = [
    ['trainLimit', trainLimit, info.trainExamples],
    ['testLimit', testLimit, info.testExamples],
  ] as const;
  for (const [name, limit, available] of limits) {
    if (limit === null || limit <= available) continue;
    report(
      `data.split.${name}`,
      `${info.name} has ${available} such examples, fewer than the ${limit} asked for`,
    );
  }
}

function checkEarlyStopping(experiment: Experiment, info: DatasetInfo, report: Report): void {
  const { earlyStopping } = experiment.training;
  const { metrics, everyEpochs } = experiment.evaluation;
  if (earlyStopping === null) return;
  const { metric, split } = earlyStopping;
  if (metric !== 'loss' && !metrics.includes(metric)) {
    report('training.earlyStopping.metric', `${metric} is not measured; add it to evaluation.metrics`);
  }
  if (split !== 'dev') return;
  if (splitSizes(experiment.data.split, info).dev === 0) {
    report(
      'training.earlyStopping.split',
      'there is no dev split to watch; give data.split.devFraction a value above 0, or watch train',
    );
  }
  if (everyEpochs === 0) {
    report('evaluation.everyEpochs', 'early stopping watches dev, which is never evaluated; take 1 or more');
  }
}

function planOrReport(experiment: Experiment, info: DatasetInfo, report: Report): ModelPlan | null {
  try {
    return planModel(experiment.model, info.featureShape);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    const { path } = error.details;
    report(typeof path === 'string' ? path : 'model', error.message);
    return null;
  }
}

/**
 * What would stop or spoil a run of a well-formed experiment, each fault at its path, as a form shows it. An empty
 * list means that it can run.
 */
export function checkExperiment(experiment: Experiment, info: DatasetInfo): ExperimentIssue[] {
  const issues: ExperimentIssue[] = [];
  const report: Report = (path, message) => issues.push({ path, message });
  checkSplit(experiment, info, report);
  checkPreprocessing(experiment, info, report);
  const plan = planOrReport(experiment, info, report);
  if (plan !== null) {
    const trainable = plan.layers.some((layer) => layer.variables.length > 0);
    if (!trainable) report('model.layers', 'no layer has anything to train; add a dense or conv2d layer');
    checkLoss(experiment, info, plan, report);
    checkRows(experiment, info, plan, report);
  }
  checkLastActivation(experiment, report);
  checkMetrics(experiment, info, report);
  checkEarlyStopping(experiment, info, report);
  return issues;
}
