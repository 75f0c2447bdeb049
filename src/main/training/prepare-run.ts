import { StudioError } from '../../shared/ipc/errors.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { splitDataset } from '../data/index.ts';
import type { ExampleSet, LoadedDataset, SplitIndices } from '../data/loaded-dataset.ts';
import type { EvaluationStep, ResidentInput, TrainingStep, Workload } from '../engine/engine.ts';
import { classWeightsOf, weightScale } from '../metrics/class-weights.ts';
import type { Measure } from '../metrics/measure.ts';
import { createObjective } from '../metrics/objective.ts';
import { checkExperiment, stepsPerEpoch } from '../model/check-experiment.ts';
import { resolveHeads, type ResolvedHead } from '../model/heads.ts';
import { hasConvolutions, planModel, type ModelPlan } from '../model/plan.ts';
import { createAugmentation, fitPreprocessing, type FittedPreprocessing } from '../preprocess/index.ts';
import { createEvaluationStep } from './evaluation-step.ts';
import { createOptimizer, type Optimizer } from './optimizers/index.ts';
import { FEATURES, featureInput, RAW_FEATURES, residentInputs } from './resident-inputs.ts';
import { createTrainingStep, type StepParts } from './training-step.ts';

/** A run worked out on paper: everything an engine needs, nothing computed yet. */
export interface PreparedRun {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly plan: ModelPlan;
  readonly heads: readonly ResolvedHead[];
  readonly split: SplitIndices;
  readonly preprocessing: FittedPreprocessing;
  readonly measures: readonly Measure[];
  readonly optimizer: Optimizer;
  /** What the step is made of, for another step over the same batches. */
  readonly parts: StepParts;
  readonly step: TrainingStep;
  /** Dev shares its data with the training step; test has its own. */
  readonly evaluation: { readonly dev: EvaluationStep; readonly test: EvaluationStep };
  readonly stepsPerEpoch: number;
  /** Must a step not be compiled by XLA, which is slow at convolutions on a CPU and lacks some of augmentation's ops? */
  readonly avoidsXla: boolean;
}

/** Refuses with the first issue, and all of them in the details. */
export function refuseIfFaulty(experiment: Experiment, dataset: LoadedDataset): void {
  const issues = checkExperiment(experiment, dataset.info);
  const [first] = issues;
  if (first === undefined) return;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new StudioError('invalid-input', `experiment, ${first.path}: ${first.message}${more}`, {
    path: first.path,
    issues,
  });
}

/** What the parts of a run have in common. */
interface Ingredients {
  readonly dataset: LoadedDataset;
  readonly split: SplitIndices;
  readonly heads: readonly ResolvedHead[];
  readonly classWeights: readonly number[] | null;
  readonly preprocessing: FittedPreprocessing;
}

function inputsOf(
  { dataset, heads, preprocessing }: Ingredients,
  part: ExampleSet,
): readonly ResidentInput[] {
  return residentInputs(
    part,
    dataset.info.targets,
    heads.map(({ targetIndex }) => targetIndex),
    preprocessing.materialise === null ? FEATURES : RAW_FEATURES,
  );
}

function evaluationOf(
  ingredients: Ingredients,
  parts: StepParts,
  part: ExampleSet,
  rows: Int32Array,
): EvaluationStep {
  const { heads, classWeights } = ingredients;
  const scales = heads.map(({ targetIndex }) =>
    weightScale(targetIndex === 0 ? classWeights : null, part.targets[targetIndex]!, rows),
  );
  const inputs = part === ingredients.dataset.train ? parts.inputs : inputsOf(ingredients, part);
  return createEvaluationStep(parts, inputs, scales);
}

function createParts(
  experiment: Experiment,
  seed: number,
  plan: ModelPlan,
  ingredients: Ingredients,
): StepParts {
  const { training, evaluation, augmentation } = experiment;
  const { dataset, heads, classWeights, preprocessing } = ingredients;
  return {
    plan,
    preprocessing,
    augmentation: createAugmentation(augmentation, plan.inputShape, seed),
    objective: createObjective(heads, {
      metrics: evaluation.metrics,
      classWeights,
      labelSmoothing: training.labelSmoothing,
      target: preprocessing.target,
    }),
    targetNames: dataset.info.targets.map(({ name }) => name),
    optimizer: createOptimizer(training.optimizer),
    gradientClipping: training.gradientClipping,
    inputs: inputsOf(ingredients, dataset.train),
    seed,
  };
}

/**
 * Splits the data, fits the preparation on the training rows and assembles the steps. The dataset's arrays are
 * shared with the result. Before its steps are run it goes through {@link materialiseRun}.
 * @param fitted preparation that the run was begun with; null to fit it
 * @throws StudioError `invalid-input` or `shape-mismatch` with the path of the fault
 */
export function prepareRun(
  experiment: Experiment,
  seed: number,
  dataset: LoadedDataset,
  fitted: FittedPreprocessing | null = null,
): PreparedRun {
  refuseIfFaulty(experiment, dataset);
  const { training, preprocessing: steps, model } = experiment;
  const plan = planModel(model, dataset.train.features.shape.slice(1));
  const split = splitDataset(dataset, experiment.data.split, seed);
  const heads = resolveHeads(plan, training.loss, dataset.info);
  const labels = dataset.train.targets[0]!;
  const classCount = dataset.info.targets[0]!.classes.length;
  const classWeights = classWeightsOf(training.classWeights, labels, split.train, classCount);
  const preprocessing = fitted ?? fitPreprocessing(steps, dataset.train, split.train);
  const ingredients = { dataset, split, heads, classWeights, preprocessing };
  const parts = createParts(experiment, seed, plan, ingredients);
  return {
    experiment,
    seed,
    plan,
    heads,
    split,
    preprocessing,
    measures: parts.objective.measures,
    optimizer: parts.optimizer,
    parts,
    step: createTrainingStep(parts),
    evaluation: {
      dev: evaluationOf(ingredients, parts, dataset.train, split.dev),
      test: evaluationOf(ingredients, parts, dataset.test, split.test),
    },
    stepsPerEpoch: stepsPerEpoch(training, split.train.length),
    avoidsXla: hasConvolutions(plan) || parts.augmentation?.needsGraph === true,
  };
}

/** The same step on features that are prepared up front; parts that are the same stay the same. */
class Materialiser {
  readonly #materialise: NonNullable<FittedPreprocessing['materialise']>;
  readonly #done = new Map<ResidentInput['values'], Promise<ResidentInput>>();

  constructor(materialise: NonNullable<FittedPreprocessing['materialise']>) {
    this.#materialise = materialise;
  }

  async step<S extends { readonly inputs: readonly ResidentInput[] }>(step: S): Promise<S> {
    const [features, ...targets] = step.inputs;
    return { ...step, inputs: [await this.#features(features!), ...targets] };
  }

  #features({ shape, values }: ResidentInput): Promise<ResidentInput> {
    if (values instanceof Int32Array) throw new TypeError('features are never int32');
    const known =
      this.#done.get(values) ?? this.#materialise({ shape, values }).then((ready) => featureInput(ready));
    this.#done.set(values, known);
    return known;
  }
}

/**
 * Does the preparation that is done once and not in every step (whitening), with the running engine. Returns the run
 * itself where there is none. A run's steps must not be used before.
 * @throws StudioError as `FittedPreprocessing.materialise`
 */
export async function materialiseRun(prepared: PreparedRun): Promise<PreparedRun> {
  const { materialise } = prepared.preprocessing;
  if (materialise === null) return prepared;
  const materialiser = new Materialiser(materialise);
  return {
    ...prepared,
    step: await materialiser.step(prepared.step),
    evaluation: {
      dev: await materialiser.step(prepared.evaluation.dev),
      test: await materialiser.step(prepared.evaluation.test),
    },
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
