import { z } from 'zod';
import { engineOptions } from '../../../shared/schema/engine.ts';
import { experiment } from '../../../shared/schema/experiment.ts';
import { runSeed } from '../../../shared/schema/run.ts';
import { objectiveSpec } from '../../../shared/schema/search.ts';
import { foldResult } from '../../../shared/schema/study.ts';

/** One net to train, for its numbers alone: nothing of it is kept. */
export const memberJob = z.strictObject({
  /** Names it within its study. */
  key: z.string(),
  /** Without a search; `data.split.fold` says which rows are dev. */
  experiment,
  seed: runSeed,
});
export type MemberJob = z.infer<typeof memberJob>;

/** Nets that one searcher process is to train, those of one kind together. */
export const memberBatch = z.strictObject({
  members: z.array(memberJob).min(1),
  /** What is asked of each: one number, or two. */
  objectives: z.array(objectiveSpec).min(1).max(2),
  /** Dev is measured after every so many epochs; null for some points of each net's curve. */
  measureEvery: z.int().min(1).nullable(),
  engine: engineOptions,
  cacheDirectory: z.string(),
  datasetDirectory: z.string(),
  /** A folder of the process's own, for what a net must put aside while it trains. */
  scratchDirectory: z.string(),
});
export type MemberBatch = z.infer<typeof memberBatch>;

/** What came of a net, as its study will store it for the fold, repeat and seed that the key stands for. */
export const memberOutcome = foldResult
  .omit({ fold: true, repeat: true, seed: true })
  .extend({ key: memberJob.shape.key });
export type MemberOutcome = z.infer<typeof memberOutcome>;

/** What the studio asks of a searcher. */
export const searcherCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('train'), batch: memberBatch }),
  /** These nets need not go on. */
  z.strictObject({ kind: z.literal('prune'), keys: z.array(z.string()) }),
]);
export type SearcherCommand = z.infer<typeof searcherCommand>;

/** What a searcher tells. */
export const searcherEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ended'), outcomes: z.array(memberOutcome) }),
  /** The first objective of nets that go on. */
  z.strictObject({
    kind: z.literal('measured'),
    measures: z.array(z.strictObject({ key: z.string(), epoch: z.int(), value: z.number().nullable() })),
  }),
  /** Training steps of single nets since the last time. */
  z.strictObject({ kind: z.literal('steps'), steps: z.int().nonnegative() }),
  /** The whole batch is done; another may come. */
  z.strictObject({ kind: z.literal('done') }),
]);
export type SearcherEvent = z.infer<typeof searcherEvent>;
