import { z } from 'zod';
import { datasetList, datasetProgress, importPreview, importRequest } from '../schema/catalogue.ts';
import { datasetId, datasetInfo, splitName } from '../schema/dataset.ts';
import { engineChoice, engineOptions, engineStatus, installProgress } from '../schema/engine.ts';
import { experiment, experimentIssue } from '../schema/experiment.ts';
import { taskProgress } from '../schema/explore.ts';
import { modelSummary } from '../schema/model.ts';
import { experimentOutcomes } from '../schema/report.ts';
import {
  batchPreview,
  examplePage,
  layerHistograms,
  modelField,
  runResults,
  variantResults,
} from '../schema/results.ts';
import {
  logLine,
  runDetail,
  runId,
  runProgress,
  runSeed,
  runsPage,
  runsQuery,
  runSummary,
} from '../schema/run.ts';
import { invoke, notify, type CallName, type Client, type EventName, type Handlers } from './derive.ts';
import { comparisonCalls } from './comparison-calls.ts';
import { inspectionCalls } from './inspection-calls.ts';
import { studyCalls } from './study-calls.ts';

const nothing = z.strictObject({});

/** A gallery card. `id` is the file's name without ".json"; the user's own experiments start with "mine/". */
export const galleryEntry = z.strictObject({
  id: z.string(),
  experiment,
  model: modelSummary,
  dataset: datasetInfo,
  /** Of any variant. */
  lastRun: runSummary.nullable(),
  bestRun: runSummary.nullable(),
});
export type GalleryEntry = z.infer<typeof galleryEntry>;

/** What an unchecked experiment means: its faults, or what it comes to. */
export const experimentCheck = z.strictObject({
  issues: z.array(experimentIssue),
  /** Every default written out; null while the shape of the file is wrong. */
  experiment: experiment.nullable(),
  /** Null while the model does not fit together. */
  model: modelSummary.nullable(),
  stepsPerEpoch: z.int().positive().nullable(),
});
export type ExperimentCheck = z.infer<typeof experimentCheck>;

export const studioSettings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  engine: engineOptions.prefault({}),
  /** Checkpoints of finished runs kept: every epoch's, or best and last only. */
  checkpointPolicy: z.enum(['all', 'best-and-last']).default('all'),
});
export type StudioSettings = z.infer<typeof studioSettings>;

export const studioInfo = z.strictObject({
  appVersion: z.string(),
  door: z.enum(['window', 'browser', 'command-line']),
  platform: z.string(),
  nodeVersion: z.string(),
  dataDirectory: z.string(),
  cacheDirectory: z.string(),
  databaseBytes: z.number(),
  artifactBytes: z.number(),
  freeBytes: z.number(),
});
export type StudioInfo = z.infer<typeof studioInfo>;

/** Something the user must be told once, e.g. that a damaged database was moved aside. */
export const studioNotice = z.strictObject({
  id: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  text: z.string(),
  /** What a button may do about it. */
  action: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('restore-backup'), backupPath: z.string(), label: z.string() }),
      z.strictObject({ kind: z.literal('resume-run'), runId, label: z.string() }),
      z.strictObject({ kind: z.literal('install-engine'), label: z.string() }),
    ])
    .nullable(),
});
export type StudioNotice = z.infer<typeof studioNotice>;

/** The whole contract between the studio process and its three doors. */
export const contract = {
  'studio.info': invoke(nothing, studioInfo),
  'studio.notices': invoke(nothing, z.array(studioNotice)),
  'studio.dismissNotice': invoke(z.strictObject({ id: z.string() }), nothing),
  'studio.restoreBackup': invoke(z.strictObject({ backupPath: z.string() }), nothing),
  'studio.createBackup': invoke(nothing, z.strictObject({ path: z.string(), sizeBytes: z.number() })),
  'settings.get': invoke(nothing, studioSettings),
  'settings.set': invoke(studioSettings, studioSettings),

  'engine.status': invoke(nothing, engineStatus),
  /** Starts fetching the library; progress comes as `engine.install`. */
  'engine.startInstall': invoke(nothing, nothing),
  'engine.cancelInstall': invoke(nothing, nothing),
  /** Installs from a library pack (the wheel, or a zip of the two libraries) on this machine. */
  'engine.importPack': invoke(z.strictObject({ path: z.string() }), engineStatus),

  'gallery.list': invoke(nothing, z.array(galleryEntry)),
  'experiments.get': invoke(z.strictObject({ id: z.string() }), experiment),
  /** Parses and checks without running anything; never rejects for a bad experiment. */
  'experiments.check': invoke(z.strictObject({ experiment: z.unknown() }), experimentCheck),
  /** Stores an experiment of the user's own; `id` null makes a new one. */
  'experiments.save': invoke(
    z.strictObject({ id: z.string().nullable(), experiment }),
    z.strictObject({ id: z.string() }),
  ),
  'experiments.delete': invoke(z.strictObject({ id: z.string() }), nothing),

  /** The stored runs of an experiment, grouped by variant over seeds; finished runs only. */
  'experiments.results': invoke(z.strictObject({ id: z.string() }), z.array(variantResults)),
  /**
   * The result table of the reports' experiments as Markdown, from the history and from outcomes kept elsewhere; and all
   * of these outcomes together.
   */
  'experiments.report': invoke(
    z.strictObject({ kept: z.array(experimentOutcomes) }),
    z.strictObject({ markdown: z.string(), outcomes: z.array(experimentOutcomes) }),
  ),
  /** Queues `repeats` seeds of the experiment, or of each of the variants named; runs already finished are not repeated. */
  'experiments.start': invoke(
    z.strictObject({
      id: z.string(),
      seed: runSeed.default(1),
      repeats: z.int().min(1).max(1_000).nullable().default(null),
      /** Ids of variants; null for all of them (the experiment itself where it has none). */
      variants: z.array(z.string()).nullable().default(null),
      engine: engineChoice.default('auto'),
      threads: engineOptions.shape.threads,
      /** Train again what has finished before. */
      again: z.boolean().default(false),
    }),
    z.strictObject({ runIds: z.array(runId) }),
  ),

  'datasets.list': invoke(nothing, datasetList),
  /** Starts fetching a dataset of the catalogue from its official address; progress comes as `dataset.progress`. */
  'datasets.fetch': invoke(z.strictObject({ id: datasetId }), nothing),
  'datasets.cancelFetch': invoke(z.strictObject({ id: datasetId }), nothing),
  /** Reads files without storing anything. */
  'datasets.preview': invoke(importRequest, importPreview),
  /** Stores a copy of files as a dataset. */
  'datasets.import': invoke(importRequest, datasetInfo),
  /** Takes the bytes of a dropped file where the page cannot know its path; the path goes into `datasets.import`. */
  'datasets.upload': invoke(
    z.strictObject({
      /** With the folders it was dropped in, e.g. "pets/cats/1.png". */
      name: z.string().min(1).max(1_000),
      /** Null begins an upload of one file or more; then the name returned. */
      upload: z.string().nullable(),
      bytes: z.instanceof(Uint8Array<ArrayBuffer>),
    }),
    z.strictObject({ upload: z.string(), path: z.string() }),
  ),
  'datasets.remove': invoke(z.strictObject({ id: datasetId }), nothing),
  /** Examples as they are, by row of a part; `train` is the whole training part, dev included. */
  'datasets.examples': invoke(
    z.strictObject({
      data: experiment.shape.data,
      part: z.enum(['train', 'test']),
      rows: z.array(z.int().nonnegative()).min(1).max(1_000),
    }),
    examplePage,
  ),
  /** The first batch's tensors as training would feed them, prepared and augmented. */
  'experiments.previewBatch': invoke(
    z.strictObject({ experiment, seed: runSeed, examples: z.int().min(1).max(64) }),
    batchPreview,
  ),

  /** What the net of a stored epoch says about a split; `epoch` null for the one whose weights the run ended with. */
  'results.get': invoke(
    z.strictObject({ runId, epoch: z.int().nonnegative().nullable(), split: splitName }),
    runResults,
  ),
  /** Decision boundary or fitted curve of a model with two features or one. */
  'results.field': invoke(
    z.strictObject({ runId, epoch: z.int().nonnegative().nullable(), side: z.int().min(2).max(512) }),
    modelField,
  ),
  'results.histograms': invoke(
    z.strictObject({ runId, epoch: z.int().nonnegative().nullable(), split: splitName }),
    z.array(layerHistograms),
  ),

  ...inspectionCalls,
  ...comparisonCalls,
  ...studyCalls,

  'runs.start': invoke(
    z.strictObject({
      experiment,
      seed: runSeed,
      engine: engineChoice.default('auto'),
      /** Threads inside an op; null for what the settings say. */
      threads: engineOptions.shape.threads,
      /** The gallery's experiment and variant it was made from, for grouping; null for none. */
      experimentId: z.string().nullable().default(null),
      variant: z.string().nullable().default(null),
    }),
    z.strictObject({ runId }),
  ),
  'runs.pause': invoke(z.strictObject({ runId }), nothing),
  /** Continues a paused run, or a crashed one from its last checkpoint. */
  'runs.resume': invoke(z.strictObject({ runId }), nothing),
  'runs.cancel': invoke(z.strictObject({ runId }), nothing),
  'runs.list': invoke(runsQuery, runsPage),
  'runs.get': invoke(z.strictObject({ runId }), runDetail),
  'runs.annotate': invoke(
    z.strictObject({
      runId,
      name: z.string().min(1).max(120).optional(),
      notes: z.string().max(20_000).optional(),
      tags: z.array(z.string().min(1).max(40)).max(50).optional(),
    }),
    runSummary,
  ),
  /** Marks runs deleted; `runs.restore` undoes it until `runs.purge`. */
  'runs.delete': invoke(z.strictObject({ runIds: z.array(runId).min(1) }), nothing),
  'runs.restore': invoke(z.strictObject({ runIds: z.array(runId).min(1) }), nothing),
  'runs.purge': invoke(nothing, z.strictObject({ runs: z.int(), freedBytes: z.number() })),

  /** A run was created or a stored field of it changed. */
  'run.changed': notify(runSummary),
  'run.progress': notify(runProgress),
  /** An epoch is stored: the points it added. */
  'run.epoch': notify(
    z.strictObject({
      runId,
      epoch: runDetail.shape.epochs.element,
      points: z.array(
        z.strictObject({
          split: z.enum(['train', 'dev', 'test']),
          metric: z.string(),
          value: z.number().nullable(),
        }),
      ),
    }),
  ),
  'run.log': notify(z.strictObject({ runId, line: logLine })),
  /** Another process changed the history; lists should be read again. */
  'runs.invalidated': notify(nothing),
  'dataset.progress': notify(datasetProgress),
  'task.progress': notify(taskProgress),
  'datasets.changed': notify(nothing),
  'engine.install': notify(installProgress),
  'engine.changed': notify(engineStatus),
  'studio.notice': notify(studioNotice),
} as const;

export type Contract = typeof contract;
export type StudioHandlers = Handlers<Contract>;
export type StudioClient = Client<Contract>;
export type StudioCall = CallName<Contract>;
export type StudioEvent = EventName<Contract>;
