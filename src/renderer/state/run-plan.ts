import { variantIds } from '../../shared/experiment/resolve-variant.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { VariantResults } from '../../shared/schema/results.ts';

/** Which runs of an experiment are meant: its variants (null: the experiment as it is), each with so many seeds. */
export interface RunPlan {
  readonly variants: readonly (string | null)[];
  /** The first seed. */
  readonly seed: number;
  readonly repeats: number;
}

/** How far a plan has come. */
export interface PlanCount {
  readonly planned: number;
  /** Of these, finished. */
  readonly done: number;
}

/** Does the experiment ask for more than one run? */
export function hasManyRuns(experiment: Experiment): boolean {
  return experiment.variants.length > 0 || experiment.repeats > 1;
}

/** The whole of what an experiment asks for, from seed 1. */
export function wholePlan(experiment: Experiment): RunPlan {
  return { variants: variantIds(experiment), seed: 1, repeats: experiment.repeats };
}

/** Counts a plan's runs, and those of them that are finished. */
export function countPlan(
  { variants, seed, repeats }: RunPlan,
  results: readonly VariantResults[],
): PlanCount {
  const seeds = new Map(results.map((result) => [result.variant, new Set(result.seeds)]));
  const isDone = (variant: string | null, offset: number) => seeds.get(variant)?.has(seed + offset) === true;
  const done = variants.reduce(
    (sum, variant) =>
      sum + Array.from({ length: repeats }, (_, offset) => isDone(variant, offset)).filter(Boolean).length,
    0,
  );
  return { planned: variants.length * repeats, done };
}
