import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { MetricName } from '../../../shared/schema/training.ts';
import type { ResolvedHead } from '../heads.ts';
import type { ModelPlan } from '../plan.ts';
import type { SplitSizes } from '../split-sizes.ts';
import type { Report } from './report.ts';

/** The batch leaves steps to take, and none that batch norm cannot use. */
export function checkBatches(
  experiment: Experiment,
  { train }: SplitSizes,
  plan: ModelPlan,
  report: Report,
): void {
  const { batchSize, dropLastBatch } = experiment.training;
  if (dropLastBatch && batchSize > train) {
    report(
      'training.batchSize',
      `a batch of ${batchSize} is larger than the ${train} training examples and the last batch is dropped, so no step ` +
        'would be taken; take a smaller batch or keep the last one',
    );
  }
  const last = dropLastBatch ? batchSize : train % batchSize || batchSize;
  const alone = plan.layers.find(
    (layer) => layer.spec.kind === 'batch-norm' && layer.outputShape.length === 1,
  );
  if (last === 1 && alone !== undefined) {
    report(
      'training.batchSize',
      `a batch of one example has no variance for layer '${alone.name}' (batch-norm); take another batch size or ` +
        'drop the last batch',
    );
  }
}

/** A number that early stopping or a schedule looks at. */
interface Watched {
  readonly who: string;
  readonly path: string;
  readonly split: 'train' | 'dev';
  readonly metric: MetricName;
}

function watchedNumbers({ training }: Experiment): Watched[] {
  const { earlyStopping, schedule } = training;
  const watched: Watched[] = [];
  if (earlyStopping !== null) {
    watched.push({ ...earlyStopping, who: 'early stopping', path: 'training.earlyStopping' });
  }
  if (schedule.kind === 'reduce-on-plateau') {
    watched.push({ ...schedule, who: 'the schedule', path: 'training.schedule' });
  }
  return watched;
}

function checkWatchedMetric(
  { metric, path }: Watched,
  experiment: Experiment,
  heads: readonly ResolvedHead[],
  report: Report,
): void {
  if (metric === 'loss') return;
  if (!experiment.evaluation.metrics.includes(metric)) {
    report(`${path}.metric`, `${metric} is not measured; add it to evaluation.metrics`);
    return;
  }
  const [first] = heads;
  if (first?.name === null || first?.targetInfo.kind !== 'number' || !metric.endsWith('accuracy')) return;
  report(
    `${path}.metric`,
    `watches the first head's ${metric}, but '${first.name}' is a regression; watch loss or put another head first`,
  );
}

/** What early stopping and the schedule watch is measured. */
export function checkWatched(
  experiment: Experiment,
  { dev }: SplitSizes,
  heads: readonly ResolvedHead[],
  report: Report,
): void {
  for (const watched of watchedNumbers(experiment)) {
    const { who, path, split } = watched;
    checkWatchedMetric(watched, experiment, heads, report);
    if (split !== 'dev') continue;
    if (dev === 0) {
      report(
        `${path}.split`,
        'there is no dev split to watch; give data.split.devFraction a value above 0, or watch train',
      );
    }
    if (experiment.evaluation.everyEpochs === 0) {
      report('evaluation.everyEpochs', `${who} watches dev, which is never evaluated; take 1 or more`);
    }
  }
}

/** The warm-up ends before the run does. */
export function checkWarmUp({ training }: Experiment, report: Report): void {
  const { warmUpEpochs, epochs } = training;
  if (warmUpEpochs < epochs || warmUpEpochs === 0) return;
  report(
    'training.warmUpEpochs',
    `a warm-up of ${warmUpEpochs} epochs is not over when the ${epochs} epochs are; take fewer`,
  );
}

/** Class weights have classes of the main target to weigh. */
export function checkClassWeights(
  { training }: Experiment,
  info: DatasetInfo,
  heads: readonly ResolvedHead[],
  report: Report,
): void {
  const { classWeights } = training;
  const path = 'training.classWeights';
  if (classWeights === null) return;
  const { kind, classes } = info.targets[0]!;
  if (kind !== 'class') {
    report(path, `weighs classes and ${info.name} is a regression; remove the weights`);
  } else if (!heads.some(({ targetIndex }) => targetIndex === 0)) {
    report(
      path,
      `weighs the classes of '${info.targets[0]!.name}', which no head predicts; remove the weights`,
    );
  } else if (classWeights !== 'balanced' && classWeights.length !== classes.length) {
    report(path, `has ${classWeights.length} weights for ${classes.length} classes; give one for each`);
  }
}

/** Label smoothing meets a loss that has it. */
export function checkLabelSmoothing(
  { training }: Experiment,
  heads: readonly ResolvedHead[],
  report: Report,
): void {
  if (training.labelSmoothing === 0) return;
  if (heads.some(({ loss }) => loss.endsWith('softmax-cross-entropy'))) return;
  report(
    'training.labelSmoothing',
    `is defined for the softmax cross-entropies and the loss is ${heads[0]?.loss ?? training.loss}; take 0`,
  );
}
