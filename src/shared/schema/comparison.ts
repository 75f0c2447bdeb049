import { z } from 'zod';
import { splitName } from './dataset.ts';
import { seriesName } from './metric.ts';
import { runId, runSummary } from './run.ts';

const int32Array = z.instanceof(Int32Array<ArrayBuffer>);
const float64Array = z.instanceof(Float64Array<ArrayBuffer>);
const uint8Array = z.instanceof(Uint8Array<ArrayBuffer>);

/** A value of an experiment's field, by its path such as "training.optimizer.learningRate". */
export const settingValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type SettingValue = z.infer<typeof settingValue>;

/** A run among others: what it was set to, and the numbers it ended with. */
export const comparedRun = z.strictObject({
  summary: runSummary,
  /** Every field that is not the same in all of the runs asked for; a field one of them lacks is null there. */
  settings: z.record(z.string(), settingValue),
  /** Last numbers, by "split/metric". */
  final: z.record(z.string(), z.number().nullable()),
});
export type ComparedRun = z.infer<typeof comparedRun>;

export const comparedRuns = z.strictObject({
  runs: z.array(comparedRun),
  /** Paths of `settings`, in the order of the experiment file. */
  fields: z.array(z.string()),
  /** Curves there are, "split/metric". */
  curves: z.array(z.string()),
});
export type ComparedRuns = z.infer<typeof comparedRuns>;

/** One run's curve; parallel arrays, NaN where not measured. */
export const comparedSeries = z.strictObject({
  runId,
  split: splitName,
  metric: seriesName,
  epochs: int32Array,
  steps: int32Array,
  /** Training time since the start. */
  seconds: float64Array,
  values: float64Array,
});
export type ComparedSeries = z.infer<typeof comparedSeries>;

/** Which number of a run counts: its last, or that of its best epoch on dev. */
export const measuredAt = z.enum(['last', 'best-dev']);
export type MeasuredAt = z.infer<typeof measuredAt>;

/** Runs that differ by nothing but their seed. */
export const runGroup = z.strictObject({
  /** The fields in which the groups differ, as text; of one group the experiment's name. */
  label: z.string(),
  settings: z.record(z.string(), settingValue),
  runIds: z.array(runId),
  seeds: z.array(z.int()),
  values: z.array(z.number().nullable()),
  mean: z.number().nullable(),
  /** Sample standard deviation (n - 1); null below two values. */
  standardDeviation: z.number().nullable(),
  /** 95 % interval of the mean by Student's t; null below two values. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  count: z.int().nonnegative(),
});
export type RunGroup = z.infer<typeof runGroup>;

/** A test's statistic and its two-sided p; `pHolm` corrected over all pairs (Holm 1979). */
export const testOutcome = z.strictObject({ statistic: z.number(), p: z.number(), pHolm: z.number() });

/** Two groups compared over the seeds they share. Indices into the groups. */
export const groupTest = z.strictObject({
  a: z.int().nonnegative(),
  b: z.int().nonnegative(),
  /** Seeds they share. */
  pairs: z.int().nonnegative(),
  /** Mean of b - a, and its 95 % interval. */
  meanDifference: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** Paired t test; null below two pairs or without any spread. */
  pairedT: testOutcome.nullable(),
  /** Wilcoxon's signed rank test; null where every difference is zero. */
  wilcoxon: testOutcome.nullable(),
  /** Cohen's d of the differences (mean / sd). */
  effectSize: z.number().nullable(),
  /** In plain words, "too few seeds to tell" among them. */
  sentence: z.string(),
});
export type GroupTest = z.infer<typeof groupTest>;

export const groupComparison = z.strictObject({
  groups: z.array(runGroup),
  tests: z.array(groupTest),
  /** Why the pairs were not tested, where there are too many. */
  untested: z.string().optional(),
});
export type GroupComparison = z.infer<typeof groupComparison>;

/** Codes in `pairComparison.sets`. */
export const PAIR_SETS = [
  'both-right',
  'fixed',
  'broken',
  'both-wrong-alike',
  'both-wrong-differently',
] as const;
export type PairSet = (typeof PAIR_SETS)[number];

/** Two classifiers on the same examples. Parallel arrays follow `rows`. */
export const pairComparison = z.strictObject({
  classes: z.array(z.string()),
  rows: int32Array,
  actual: int32Array,
  predictedA: int32Array,
  predictedB: int32Array,
  /** Per example a place in PAIR_SETS; fixed: wrong by a, right by b. */
  sets: uint8Array,
  /** Counts, [predicted by a, predicted by b] flat. */
  agreement: int32Array,
  accuracyA: z.number(),
  accuracyB: z.number(),
  /** McNemar's test over fixed and broken: exact binomial below 25 of them, else with continuity correction. */
  mcnemar: z.strictObject({
    fixed: z.int(),
    broken: z.int(),
    statistic: z.number(),
    p: z.number(),
    exact: z.boolean(),
  }),
  /** 95 % interval of accuracy b - a (Wald, paired). */
  interval: z.tuple([z.number(), z.number()]),
  sentence: z.string(),
});
export type PairComparison = z.infer<typeof pairComparison>;
