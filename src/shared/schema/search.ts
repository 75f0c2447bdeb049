import { z } from 'zod';
import { metricName } from './metric-name.ts';

/** Where in an experiment a value goes, such as "training.optimizer.learningRate"; numbers are positions in lists. */
export const experimentPath = z.string().regex(/^[A-Za-z]+(\.[A-Za-z0-9]+)*$/);

/** What every dimension has. */
const dimension = {
  name: z.string().min(1).max(60),
  /** All take the same value. */
  paths: z.array(experimentPath).min(1),
  /** Counts only where another choice has one of these values; always where left out. */
  when: z.strictObject({ parameter: z.string().min(1).max(60), values: z.array(z.json()).min(1) }).optional(),
};

/** One dimension of a search. Minimum and maximum belong to it. */
export const searchParameter = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform'), ...dimension, minimum: z.number(), maximum: z.number() }),
  z.strictObject({
    kind: z.literal('log-uniform'),
    ...dimension,
    minimum: z.number().positive(),
    maximum: z.number().positive(),
  }),
  z.strictObject({ kind: z.literal('integer'), ...dimension, minimum: z.int(), maximum: z.int() }),
  z.strictObject({ kind: z.literal('choice'), ...dimension, values: z.array(z.json()).min(1).max(1_000) }),
]);
export type SearchParameter = z.infer<typeof searchParameter>;

const trials = z.int().min(1).max(1_000_000);

export const samplerSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('random'), trials }),
  /** Every point of a grid, or a random share or number of them (as Talos does). Numbers need choices. */
  z.strictObject({
    kind: z.literal('grid'),
    fraction: z.number().positive().max(1).default(1),
    count: trials.nullable().default(null),
  }),
  /** Scrambled Sobol sequence (Owen 1998). */
  z.strictObject({ kind: z.literal('sobol'), trials }),
  /** Tree-structured Parzen estimator (Bergstra et al. 2011), with Optuna's definition. */
  z.strictObject({
    kind: z.literal('tpe'),
    trials,
    startupTrials: z.int().min(1).max(10_000).default(10),
    candidates: z.int().min(1).max(10_000).default(24),
    /** All parameters that always count as one product of kernels, as Optuna 5 does; else one after the other. */
    multivariate: z.boolean().default(true),
  }),
]);
export type SamplerSpec = z.infer<typeof samplerSpec>;

/** Ends trials that will not win. A rung is an epoch; with folds, Wilcoxon compares fold by fold. */
export const prunerSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('median'),
    startupTrials: z.int().min(0).max(10_000).default(5),
    warmUpEpochs: z.int().min(0).max(100_000).default(0),
  }),
  /** Asynchronous successive halving (Li et al. 2020). */
  z.strictObject({
    kind: z.literal('asha'),
    minimumEpochs: z.int().min(1).max(100_000).default(1),
    reductionFactor: z.int().min(2).max(100).default(4),
  }),
  z.strictObject({
    kind: z.literal('wilcoxon'),
    threshold: z.number().min(0).max(1).default(0.1),
    startupFolds: z.int().min(2).max(100).default(2),
  }),
]);
export type PrunerSpec = z.infer<typeof prunerSpec>;
/** Names of the pruners. */
export const prunerKinds = prunerSpec.options.map(({ shape }) => shape.kind.value);

/** What makes a trial good: a number of dev, averaged over folds and seeds. */
export const objectiveSpec = z.strictObject({
  metric: metricName.default('loss'),
  direction: z.enum(['minimise', 'maximise']).default('minimise'),
  /** After the last epoch, or after the best one. */
  at: z.enum(['last', 'best']).default('last'),
});
export type ObjectiveSpec = z.infer<typeof objectiveSpec>;

/** The space of a search and how it is walked; the experiment itself is one point of it. */
export const searchSpec = z.strictObject({
  parameters: z.array(searchParameter).min(1).max(100),
  sampler: samplerSpec,
  pruner: prunerSpec.prefault({ kind: 'none' }),
  objective: objectiveSpec.prefault({}),
  /** A second number to be good at, for a Pareto front; null for one. */
  secondObjective: objectiveSpec.nullable().default(null),
  /** Folds of cross-validation; 1 for a plain dev part, 0 for leave-one-out. */
  folds: z.int().min(0).max(1_000).default(1),
  /** Cross-validations with another shuffle each. */
  foldRepeats: z.int().min(1).max(100).default(1),
  /** Nets of each fold that differ by their seed alone. */
  seeds: z.int().min(1).max(100).default(1),
});
export type SearchSpec = z.infer<typeof searchSpec>;
