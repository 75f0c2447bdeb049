import { z } from 'zod';
import { experiment } from './experiment.ts';
import { runFailure, runId, runSeed } from './run.ts';

export const studyId = z.string().regex(/^s[0-9a-z]{10,31}$/);
export type StudyId = z.infer<typeof studyId>;

export const studyState = z.enum(['running', 'paused', 'finished', 'cancelled', 'failed', 'crashed']);
export type StudyState = z.infer<typeof studyState>;

export const trialState = z.enum(['waiting', 'running', 'finished', 'pruned', 'failed']);
export type TrialState = z.infer<typeof trialState>;

/** A point of the space: the value of each parameter that counts there, by name. */
export const searchPoint = z.record(z.string(), z.json());
export type SearchPoint = z.infer<typeof searchPoint>;

/** One net of a trial: which fold of which repeat, with which seed. Written once, when it has ended. */
export const foldResult = z.strictObject({
  /** 0 without folds. */
  fold: z.int().nonnegative(),
  repeat: z.int().nonnegative(),
  seed: runSeed,
  state: z.enum(['finished', 'pruned', 'failed']),
  epochs: z.int().nonnegative(),
  /** The objective, and the second one where there is one; null where not finite. */
  values: z.array(z.number().nullable()),
  /** Dev's objective after each measured epoch, thinned to at most 100. */
  curve: z.array(z.tuple([z.int(), z.number().nullable()])),
  durationMs: z.number().nonnegative(),
  failure: runFailure.nullable(),
});
export type FoldResult = z.infer<typeof foldResult>;

export const trialSummary = z.strictObject({
  /** From 0, in the order they were drawn. */
  number: z.int().nonnegative(),
  point: searchPoint,
  state: trialState,
  /** Means over folds, repeats and seeds; null until all of them have ended well. */
  values: z.array(z.number().nullable()),
  /** Standard error of the first value's mean; null below two nets. */
  standardError: z.number().nullable(),
  netsDone: z.int().nonnegative(),
  netsPlanned: z.int().positive(),
  /** Epochs of all its nets. */
  epochs: z.int().nonnegative(),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  failure: runFailure.nullable(),
});
export type TrialSummary = z.infer<typeof trialSummary>;

/** A row of the list of studies. */
export const studySummary = z.strictObject({
  id: studyId,
  name: z.string(),
  experimentId: z.string().nullable(),
  dataset: z.string(),
  state: studyState,
  seed: runSeed,
  trialsPlanned: z.int().positive(),
  trialsDone: z.int().nonnegative(),
  trialsPruned: z.int().nonnegative(),
  trialsFailed: z.int().nonnegative(),
  netsPlanned: z.int().positive(),
  netsDone: z.int().nonnegative(),
  epochsDone: z.int().nonnegative(),
  bestTrial: z.int().nonnegative().nullable(),
  bestValue: z.number().nullable(),
  /** Times the locked test part was opened to it. */
  testOpenings: z.int().nonnegative(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Time spent working, without pauses. */
  durationMs: z.number().nonnegative(),
  failure: runFailure.nullable(),
  deletedAt: z.string().nullable(),
});
export type StudySummary = z.infer<typeof studySummary>;

/** What was measured on the test part when it was opened. */
export const testOpening = z.strictObject({
  at: z.string(),
  trial: z.int().nonnegative(),
  /** The runs that were trained on all training data. */
  runIds: z.array(runId),
});
export type TestOpening = z.infer<typeof testOpening>;

export const studyDetail = z.strictObject({
  summary: studySummary,
  experiment,
  openings: z.array(testOpening),
});
export type StudyDetail = z.infer<typeof studyDetail>;

/** A net's result with its trial. */
export const trialFold = z.strictObject({ trial: z.int().nonnegative(), result: foldResult });
export type TrialFold = z.infer<typeof trialFold>;

/** A study that nobody works on, with all that is stored of it: what another studio needs to show it and to go on. */
export const wholeStudy = studyDetail.extend({
  trials: z.array(trialSummary).max(1_000_000),
  folds: z.array(trialFold).max(10_000_000),
});
export type WholeStudy = z.infer<typeof wholeStudy>;

/** How far a running study is; several times a second at most. */
export const studyProgress = z.strictObject({
  studyId,
  state: studyState,
  netsDone: z.int().nonnegative(),
  netsPlanned: z.int().positive(),
  /** Training steps of single nets per second. */
  stepsPerSecond: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
});
export type StudyProgress = z.infer<typeof studyProgress>;

/** How much each parameter matters, largest first; shares that add up to 1. */
export const importance = z.strictObject({
  /** fANOVA (Hutter et al. 2014), or the spread of the means over each parameter's values. */
  method: z.enum(['fanova', 'mean-difference']),
  parameters: z.array(z.strictObject({ name: z.string(), share: z.number().nonnegative() })),
  trials: z.int().nonnegative(),
});
export type Importance = z.infer<typeof importance>;

/** The trial that is best on all folds of a cut but one, and its value on that one. */
export const nestedChoice = z.strictObject({
  repeat: z.int().nonnegative(),
  fold: z.int().nonnegative(),
  trial: z.int().nonnegative(),
  value: z.number(),
});
export type NestedChoice = z.infer<typeof nestedChoice>;

/** What a search's winner is worth where it is not judged by the folds it was chosen by. */
export const nestedEstimate = z.strictObject({
  /** Mean over the choices. */
  value: z.number(),
  standardError: z.number().nullable(),
  /** The winner's own mean over all folds, by which it was chosen: too good. */
  winnerValue: z.number().nullable(),
  /** One for each fold that was left out. */
  choices: z.array(nestedChoice),
});
export type NestedEstimate = z.infer<typeof nestedEstimate>;

/** What a search comes to before it is begun. */
export const searchEstimate = z.strictObject({
  /** Points of a grid; null where a parameter is continuous. */
  points: z.number().nullable(),
  trials: z.int().positive(),
  nets: z.int().positive(),
  /** From nets like these that were trained on this machine; null where none was. */
  seconds: z.number().nonnegative().nullable(),
});
export type SearchEstimate = z.infer<typeof searchEstimate>;
