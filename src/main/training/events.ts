import { z } from 'zod';
import { artifact } from '../../shared/schema/artifact.ts';
import { engineOptions, executorKind } from '../../shared/schema/engine.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import { metricPoint } from '../../shared/schema/metric.ts';
import {
  logLine,
  runEpoch,
  runFailure,
  runId,
  runProgress,
  runProvenance,
  runSeed,
} from '../../shared/schema/run.ts';

/** Everything a trainer process needs to train one run. Sent once, as its first message. */
export const trainingJob = z.strictObject({
  runId,
  experiment,
  seed: runSeed,
  engine: engineOptions,
  /** Folder of the store's artifacts; checkpoints go under `runs/<runId>/`. */
  artifactDirectory: z.string(),
  cacheDirectory: z.string(),
  /** Folder of the datasets that were imported or fetched. */
  datasetDirectory: z.string(),
  /** The preparation that the run was begun with, to be taken as it is; null to fit it. */
  preprocessing: artifact.nullable().default(null),
  /** Continue from here; null starts anew. */
  resume: z
    .strictObject({
      checkpoint: artifact,
      /** The executor and step count a resumed run must keep for the same numbers bit for bit. */
      executor: executorKind,
      stepsPerCall: z.int().positive(),
    })
    .nullable(),
});
export type TrainingJob = z.infer<typeof trainingJob>;

/** What the studio may ask of a trainer while it trains. Acts between two calls of the program. */
export const trainerCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), job: trainingJob }),
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('resume') }),
  z.strictObject({ kind: z.literal('cancel') }),
]);
export type TrainerCommand = z.infer<typeof trainerCommand>;

/**
 * What a trainer tells. The trainer waits for nothing but keeps every artifact it names on disk, fsynced,
 * before it names it; so the studio can store an epoch at any later time.
 */
export const trainerEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('started'),
    provenance: runProvenance,
    /** The fitted preparation; null for a run without one. */
    preprocessing: artifact.nullable().default(null),
    compileMs: z.number(),
  }),
  z.strictObject({ kind: z.literal('progress'), progress: runProgress }),
  z.strictObject({
    kind: z.literal('epoch'),
    epoch: runEpoch,
    points: z.array(metricPoint),
    durationMs: z.number(),
  }),
  z.strictObject({ kind: z.literal('paused'), step: z.int(), checkpoint: artifact, durationMs: z.number() }),
  z.strictObject({ kind: z.literal('resumed') }),
  z.strictObject({ kind: z.literal('log'), line: logLine }),
  z.strictObject({ kind: z.literal('finished'), points: z.array(metricPoint), durationMs: z.number() }),
  z.strictObject({ kind: z.literal('cancelled'), durationMs: z.number() }),
  z.strictObject({ kind: z.literal('failed'), failure: runFailure, durationMs: z.number() }),
]);
export type TrainerEvent = z.infer<typeof trainerEvent>;
