import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import { countParameters } from '../../model/summarise.ts';
import type { PreparedRun } from '../prepare-run.ts';

/** Numbers in which the nets of a population may differ; each becomes a tensor [members, 1, 1]. */
export interface MemberNumbers {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** 0 for optimizers without. */
  readonly momentum: number;
}

/** A member's own numbers. */
export function numbersOf({ experiment }: PreparedRun): MemberNumbers {
  const { optimizer } = experiment.training;
  const { learningRate, weightDecay } = optimizer;
  return { learningRate, weightDecay, momentum: 'momentum' in optimizer ? optimizer.momentum : 0 };
}

/** The optimizer without the numbers that members may have of their own. */
function optimizerKind(optimizer: OptimizerSpec): unknown {
  const { learningRate: _, weightDecay: __, ...rest } = optimizer;
  if (!('momentum' in rest)) return rest;
  const { momentum: ___, ...kind } = rest;
  return kind;
}

/** Larger dev parts are measured net by net. */
const MOST_DEV_EXAMPLES = 4_096;
/** Wider nets fill the cores alone, and a batch of several only shares the caches. */
const MOST_PARAMETERS = 400_000;

/** May such nets train together, as far as an experiment says it without its data? */
export function mayTrainTogether({ model, training, augmentation, preprocessing }: Experiment): boolean {
  return (
    model.layers.every(({ kind }) => ['dense', 'dropout', 'flatten', 'activation'].includes(kind)) &&
    model.heads.length === 0 &&
    (training.optimizer.kind === 'sgd' || training.optimizer.kind === 'adam') &&
    training.schedule.kind === 'constant' &&
    training.warmUpEpochs === 0 &&
    training.gradientClipping === null &&
    training.classWeights === null &&
    training.earlyStopping === null &&
    augmentation.length === 0 &&
    preprocessing.every(({ kind }) => kind !== 'zca-whitening')
  );
}

/** A population's step is made of many small operations on much memory, which XLA takes together: it pays early. */
const XLA_MIN_STEPS = 700;

/**
 * How TensorFlow runs the net among others. It depends on the net alone: its numbers are then the same, bit for bit,
 * whichever nets it trains with, and also when a study goes on with those that are left.
 */
export function executorOf({ experiment, stepsPerEpoch }: PreparedRun): 'graph' | 'xla' {
  return stepsPerEpoch * experiment.training.epochs < XLA_MIN_STEPS ? 'graph' : 'xla';
}

function isBatchable({ experiment, plan, split, preprocessing }: PreparedRun): boolean {
  const parameters = countParameters(plan.layers.flatMap(({ variables }) => variables));
  return (
    mayTrainTogether(experiment) &&
    plan.layers.every(({ inputs, index }) => inputs.length === 1 && inputs[0] === index - 1) &&
    preprocessing.materialise === null &&
    preprocessing.target.isIdentity &&
    split.dev.length <= MOST_DEV_EXAMPLES &&
    parameters <= MOST_PARAMETERS
  );
}

/**
 * Nets with the same key train as one population: they have the same layers and sizes, the same kind of optimizer, batch
 * size, loss, numbers of examples and executor, and differ in {@link MemberNumbers}, dropout rates, seed, fold and
 * epochs alone. Null for a net that trains by itself.
 */
export function populationKey(run: PreparedRun): string | null {
  if (!isBatchable(run)) return null;
  const { experiment, plan, split } = run;
  const { training, evaluation, data } = experiment;
  return JSON.stringify([
    plan.inputShape,
    plan.layers.map(({ spec }) => (spec.kind === 'dropout' ? 'dropout' : [spec.kind, plainLayer(spec)])),
    optimizerKind(training.optimizer),
    [training.batchSize, training.loss, training.labelSmoothing, training.dropLastBatch],
    [data.dataset, data.generator, data.table],
    experiment.preprocessing,
    evaluation.metrics,
    [split.train.length, split.dev.length],
    executorOf(run),
  ]);
}

/** Initialisers may differ from net to net: they are drawn outside. */
function plainLayer(spec: object): object {
  return Object.fromEntries(
    Object.entries(spec).filter(([name]) => !['name', 'weightInitializer', 'biasInitializer'].includes(name)),
  );
}
