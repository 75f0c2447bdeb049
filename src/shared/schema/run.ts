import { z } from 'zod';
import { artifact } from './artifact.ts';
import { engineInfo, executorKind } from './engine.ts';
import { experiment } from './experiment.ts';
import { metricSeries } from './metric.ts';
import { modelSummary } from './model.ts';
import { runFieldValue } from './run-query.ts';
import { runState } from './run-state.ts';

export { runsQuery, type RunsQuery } from './run-query.ts';
export { runState, type RunState } from './run-state.ts';

export const runId = z.string().regex(/^[0-9a-z]{10,32}$/);
export type RunId = z.infer<typeof runId>;

/** The seed of a run; every stream of random numbers is derived from it. */
export const runSeed = z.int().min(0).max(0xffff_ffff);

/** What a run was made with, enough to make it again. */
export const runProvenance = z.strictObject({
  /** sha256 over the loaded examples and labels. */
  dataSha256: z.string(),
  /** sha256 over the indices of train, dev and test. */
  splitSha256: z.string(),
  engine: engineInfo,
  executor: executorKind,
  /** Training steps in one call of the compiled program. */
  stepsPerCall: z.int().positive(),
  appVersion: z.string(),
});
export type RunProvenance = z.infer<typeof runProvenance>;

/** Final numbers, shown in lists. Null where not measured. */
export const runHeadline = z.strictObject({
  epoch: z.int().nonnegative(),
  trainLoss: z.number().nullable(),
  devLoss: z.number().nullable(),
  testLoss: z.number().nullable(),
  trainAccuracy: z.number().nullable(),
  devAccuracy: z.number().nullable(),
  testAccuracy: z.number().nullable(),
  /** Root mean squared errors in the target's unit. */
  trainError: z.number().nullable(),
  devError: z.number().nullable(),
  testError: z.number().nullable(),
});
export type RunHeadline = z.infer<typeof runHeadline>;

export const runFailure = z.strictObject({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type RunFailure = z.infer<typeof runFailure>;

/** A row of the history. */
export const runSummary = z.strictObject({
  id: runId,
  name: z.string(),
  dataset: z.string(),
  group: z.string(),
  /** sha256 of the experiment; runs that differ only by seed share it. */
  experimentSha256: z.string(),
  /** The gallery's experiment it was started from, and which variant of it; null for none. */
  experimentId: z.string().nullable(),
  variant: z.string().nullable(),
  seed: runSeed,
  state: runState,
  /** Position in training: whole epochs done and of how many. */
  epochsDone: z.int().nonnegative(),
  epochsPlanned: z.int().positive(),
  headline: runHeadline,
  /** Loss of dev (train without dev) per epoch, thinned to at most 60 points. */
  sparkline: z.array(z.number().nullable()),
  engineKind: engineInfo.shape.kind.nullable(),
  /** Wall-clock time spent training, without pauses. */
  durationMs: z.number().nonnegative(),
  examplesPerSecond: z.number().nonnegative().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  tags: z.array(z.string()),
  notes: z.string(),
  failure: runFailure.nullable(),
  deletedAt: z.string().nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const logLevel = z.enum(['info', 'warning', 'error']);
export const logLine = z.strictObject({ at: z.string(), level: logLevel, text: z.string() });
export type LogLine = z.infer<typeof logLine>;

export const runEpoch = z.strictObject({
  epoch: z.int().nonnegative(),
  step: z.int().nonnegative(),
  durationMs: z.number().nonnegative(),
  examplesPerSecond: z.number().nonnegative(),
  checkpoint: artifact.nullable(),
  best: z.boolean(),
});
export type RunEpoch = z.infer<typeof runEpoch>;

/** Everything the run screen and `show` need. */
export const runDetail = z.strictObject({
  summary: runSummary,
  experiment,
  model: modelSummary,
  provenance: runProvenance.nullable(),
  /** The fitted preparation; null where there is none, or it is not fitted yet. */
  preprocessing: artifact.nullable().default(null),
  series: z.array(metricSeries),
  epochs: z.array(runEpoch),
  log: z.array(logLine),
});
export type RunDetail = z.infer<typeof runDetail>;

/** A live run's position, sent several times a second while it trains. */
export const runProgress = z.strictObject({
  runId,
  state: runState,
  epoch: z.int().nonnegative(),
  epochsPlanned: z.int().positive(),
  step: z.int().nonnegative(),
  stepsPlanned: z.int().positive(),
  examplesPerSecond: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Mean training loss and accuracy of the running epoch so far. */
  trainLoss: z.number().nullable(),
  trainAccuracy: z.number().nullable(),
  phase: z.enum(['loading', 'compiling', 'training', 'evaluating', 'saving']),
});
export type RunProgress = z.infer<typeof runProgress>;

/** The runs that agree in the field a list is grouped by. */
export const listedGroup = z.strictObject({
  value: runFieldValue,
  count: z.int().positive(),
  /** Of the query's `groupMeans`, in their order, over the runs that hold a number; left out where none are asked for. */
  means: z
    .array(
      z.strictObject({
        count: z.int().nonnegative(),
        mean: z.number().nullable(),
        /** Sample standard deviation (n - 1); null below two numbers. */
        standardDeviation: z.number().nullable(),
      }),
    )
    .optional(),
});
export type ListedGroup = z.infer<typeof listedGroup>;

/** A page of the history. */
export const runsPage = z.strictObject({
  runs: z.array(runSummary),
  /** Of all pages. */
  total: z.int().nonnegative(),
  /** What the query's `columns` hold, per run and in their order; left out where none are asked for. */
  columns: z.array(z.array(runFieldValue)).optional(),
  /** All groups of `groupBy` in the order of the runs, of all pages; left out without it. */
  groups: z.array(listedGroup).optional(),
});
export type RunsPage = z.infer<typeof runsPage>;
