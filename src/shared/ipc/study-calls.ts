import { z } from 'zod';
import { engineChoice } from '../schema/engine.ts';
import { experiment } from '../schema/experiment.ts';
import { runId, runSeed } from '../schema/run.ts';
import {
  foldResult,
  importance,
  nestedEstimate,
  searchEstimate,
  studyDetail,
  studyId,
  studyProgress,
  studySummary,
  testOpening,
  trialSummary,
} from '../schema/study.ts';
import { trialTable } from '../schema/trial-table.ts';
import { invoke, notify } from './derive.ts';

const nothing = z.strictObject({});
/** Processes that train beside each other; null for one per core. */
const workers = z.int().min(1).max(64).nullable().default(null);

/** The calls and events of searches. */
export const studyCalls = {
  /** Begins a search; its experiment has a `search`. */
  'studies.start': invoke(
    z.strictObject({
      experiment,
      experimentId: z.string().nullable().default(null),
      seed: runSeed.default(1),
      engine: engineChoice.default('auto'),
      workers,
    }),
    z.strictObject({ studyId }),
  ),
  'studies.list': invoke(z.strictObject({ deleted: z.boolean().default(false) }), z.array(studySummary)),
  'studies.get': invoke(z.strictObject({ studyId }), studyDetail),
  /** By number; trials that changed are told by `study.trials`. */
  'studies.trials': invoke(
    z.strictObject({
      studyId,
      from: z.int().nonnegative().default(0),
      limit: z.int().min(1).max(5_000).default(5_000),
    }),
    trialTable,
  ),
  'studies.folds': invoke(z.strictObject({ studyId, trial: z.int().nonnegative() }), z.array(foldResult)),
  'studies.pause': invoke(z.strictObject({ studyId }), nothing),
  /** Continues a paused or crashed study; what had finished stays. */
  'studies.resume': invoke(z.strictObject({ studyId, workers }), nothing),
  'studies.cancel': invoke(z.strictObject({ studyId }), nothing),
  /** Adds trials to a study, also to one that has finished. */
  'studies.extend': invoke(
    z.strictObject({ studyId, trials: z.int().min(1).max(1_000_000), workers }),
    nothing,
  ),
  'studies.delete': invoke(z.strictObject({ studyIds: z.array(studyId).min(1) }), nothing),
  'studies.restore': invoke(z.strictObject({ studyIds: z.array(studyId).min(1) }), nothing),
  'studies.importance': invoke(z.strictObject({ studyId, method: importance.shape.method }), importance),
  /** From what is stored: each fold is left out in turn while the winner is chosen by the others. */
  'studies.nested': invoke(z.strictObject({ studyId }), nestedEstimate),
  /**
   * Trains a trial's point (the best one's for null) on all training data, for as many epochs as its nets were judged
   * after, and opens the test part to it: counted.
   */
  'studies.openTest': invoke(
    z.strictObject({
      studyId,
      trial: z.int().nonnegative().nullable(),
      seeds: z.int().min(1).max(100).default(1),
    }),
    testOpening,
  ),
  /**
   * Starts a trial's point as an ordinary run on its first fold. It measures the test part at its end, so that this
   * counts as an opening, too.
   */
  'studies.runTrial': invoke(
    z.strictObject({ studyId, trial: z.int().nonnegative() }),
    z.strictObject({ runId }),
  ),
  'studies.estimate': invoke(z.strictObject({ experiment }), searchEstimate),

  'study.changed': notify(studySummary),
  'study.progress': notify(studyProgress),
  /** Trials that were drawn or have changed. */
  'study.trials': notify(z.strictObject({ studyId, trials: z.array(trialSummary) })),
} as const;
