import { z } from 'zod';
import { splitName } from './dataset.ts';
import { engineInfo } from './engine.ts';
import { runId, runSeed } from './run.ts';
import { objectiveSpec } from './search.ts';
import { studyId } from './study.ts';

/** A measured number of a finished run. */
export const outcomeValue = z.strictObject({
  split: splitName,
  metric: z.string(),
  value: z.number().nullable(),
});
export type OutcomeValue = z.infer<typeof outcomeValue>;

/** What a finished run came to: its last numbers, and those of the epoch that was best on dev. */
export const runOutcome = z.strictObject({
  runId,
  seed: runSeed,
  createdAt: z.string(),
  durationMs: z.number().nonnegative(),
  epochs: z.int().nonnegative(),
  engine: engineInfo.nullable(),
  appVersion: z.string().nullable(),
  data: z.strictObject({
    dataset: z.string(),
    trainExamples: z.int().nonnegative(),
    testExamples: z.int().nonnegative(),
    sha256: z.string().nullable(),
  }),
  end: z.array(outcomeValue),
  /** Null without a dev part. */
  bestDev: z.strictObject({ epoch: z.int().positive(), values: z.array(outcomeValue) }).nullable(),
});
export type RunOutcome = z.infer<typeof runOutcome>;

/** How far a search has come, and the point that is best so far. */
export const searchOutcome = z.strictObject({
  studyId,
  seed: runSeed,
  createdAt: z.string(),
  durationMs: z.number().nonnegative(),
  trialsPlanned: z.int().positive(),
  trialsDone: z.int().nonnegative(),
  trialsPruned: z.int().nonnegative(),
  netsDone: z.int().nonnegative(),
  objective: objectiveSpec,
  best: z.strictObject({
    trial: z.int().nonnegative(),
    value: z.number(),
    point: z.record(z.string(), z.unknown()),
  }),
});
export type SearchOutcome = z.infer<typeof searchOutcome>;

/** The finished runs of an experiment of the gallery, for keeping beside the program. */
export const experimentOutcomes = z.strictObject({
  id: z.string(),
  name: z.string(),
  variants: z.array(
    z.strictObject({
      /** Null for the experiment as it is. */
      variant: z.string().nullable(),
      /** Of the experiment that was run; outcomes of one that has changed since do not count. */
      experimentSha256: z.string(),
      /** Of a search: its winner's, trained as runs of their own. */
      runs: z.array(runOutcome),
    }),
  ),
  /** Null for an experiment that does not search, or has not yet. */
  search: searchOutcome.nullable().default(null),
});
export type ExperimentOutcomes = z.infer<typeof experimentOutcomes>;
