import type { ResidentInput, TrainingStep } from '../../src/main/engine/engine.ts';
import { createObjective, type ObjectiveOptions } from '../../src/main/metrics/objective.ts';
import { resolveHeads, type ModelPlan } from '../../src/main/model/index.ts';
import { fitPreprocessing } from '../../src/main/preprocess/index.ts';
import type { Optimizer } from '../../src/main/training/optimizers/index.ts';
import { createTrainingStep, type StepParts } from '../../src/main/training/training-step.ts';
import type { TargetInfo } from '../../src/shared/schema/dataset.ts';
import type { PreprocessingSpec } from '../../src/shared/schema/preprocessing.ts';
import type { LossKind } from '../../src/shared/schema/training.ts';

/** Examples of a made-up dataset, with the targets [examples] or [examples, outputs] of its heads. */
export interface MadeUpData {
  readonly features: Omit<ResidentInput, 'name' | 'values'> & { readonly values: Uint8Array | Float32Array };
  readonly targets: readonly (TargetInfo & Omit<ResidentInput, 'name'>)[];
}

/** A target of so many classes, named after their numbers; 0 classes for a number. */
export function targetOf(name: string, classCount: number): TargetInfo {
  const classes = Array.from({ length: classCount }, (_, label) => String(label));
  return { name, kind: classCount === 0 ? 'number' : 'class', classes, unit: null };
}

/** How a step is made from a plan and made-up data. */
export interface StepRecipe {
  readonly plan: ModelPlan;
  readonly data: MadeUpData;
  readonly loss: LossKind;
  readonly optimizer: Optimizer;
  readonly preprocessing?: PreprocessingSpec;
  readonly objective?: Partial<ObjectiveOptions>;
  readonly parts?: Partial<StepParts>;
  readonly seed?: number;
}

/** The training step that the studio would make of it. */
export function createStep(recipe: StepRecipe): TrainingStep {
  const { plan, data, loss, optimizer, seed = 1 } = recipe;
  const examples = { features: data.features, targets: [new Float32Array(data.features.shape[0]!)] };
  const preprocessing = fitPreprocessing(recipe.preprocessing ?? [], examples, Int32Array.of(0));
  return createTrainingStep({
    plan,
    preprocessing,
    augmentation: null,
    objective: createObjective(resolveHeads(plan, loss, { name: 'made up', targets: [...data.targets] }), {
      metrics: [],
      classWeights: null,
      labelSmoothing: 0,
      target: preprocessing.target,
      ...recipe.objective,
    }),
    targetNames: data.targets.map(({ name }) => name),
    optimizer,
    gradientClipping: null,
    inputs: [
      { name: 'features', ...data.features },
      ...data.targets.map(({ name, shape, values }) => ({ name: `targets/${name}`, shape, values })),
    ],
    seed,
    ...recipe.parts,
  });
}
