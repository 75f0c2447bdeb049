import { z } from 'zod';
import { splitName } from './dataset.ts';
import { engineInfo } from './engine.ts';
import { runId, runSeed } from './run.ts';

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
      runs: z.array(runOutcome),
    }),
  ),
});
export type ExperimentOutcomes = z.infer<typeof experimentOutcomes>;
