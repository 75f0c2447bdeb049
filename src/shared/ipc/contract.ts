import { z } from 'zod';
import { datasetList, datasetProgress, importPreview, importRequest } from '../schema/catalogue.ts';
import {
  comparedRuns,
  comparedSeries,
  groupComparison,
  measuredAt,
  pairComparison,
} from '../schema/comparison.ts';
import { datasetId, datasetInfo, splitName } from '../schema/dataset.ts';
import { engineChoice, engineOptions, engineStatus, installProgress } from '../schema/engine.ts';
import { experiment, experimentIssue } from '../schema/experiment.ts';
import {
  datasetNotes,
  datasetPart,
  datasetStatistics,
  duplicates,
  exampleNote,
  exploredColumns,
  exploredData,
  projection,
  projectionMethod,
  taskProgress,
} from '../schema/explore.ts';
import {
  exportedFile,
  figureFormat,
  figureSpec,
  modelFormat,
  namedFigure,
  namedTable,
  printOptions,
  tableFormat,
  tableSpec,
} from '../schema/figure.ts';
import {
  activationProfile,
  attribution,
  embedding,
  excitingPatches,
  featureMaps,
  layerFilters,
  maximisation,
  maximisationOptions,
  netInput,
  netRef,
  padAnswer,
  unitWalk,
} from '../schema/inspection.ts';
import { seriesName } from '../schema/metric.ts';
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
import {
  foldResult,
  importance,
  searchEstimate,
  studyDetail,
  studyId,
  studyProgress,
  studySummary,
  testOpening,
  trialSummary,
} from '../schema/study.ts';
import { invoke, notify, type CallName, type Client, type EventName, type Handlers } from './derive.ts';

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

  /** Kernels of a convolution; of the first convolution for null. */
  'inspect.filters': invoke(z.strictObject({ net: netRef, layer: z.string().nullable() }), layerFilters),
  'inspect.featureMaps': invoke(
    z.strictObject({ net: netRef, layer: z.string(), input: netInput }),
    featureMaps,
  ),
  'inspect.attribution': invoke(
    z.strictObject({
      net: netRef,
      input: netInput,
      method: attribution.shape.method,
      /** Null for the class the net names. */
      classIndex: z.int().nonnegative().nullable(),
      head: z.string().nullable().default(null),
      /** Of Grad-CAM; null for the last convolution. */
      layer: z.string().nullable().default(null),
    }),
    attribution,
  ),
  /** Long: tells its progress as `task.progress`. */
  'inspect.maximise': invoke(
    z.strictObject({
      net: netRef,
      layer: z.string(),
      unit: z.int().nonnegative(),
      options: maximisationOptions.prefault({}),
      task: z.string().nullable().default(null),
    }),
    maximisation,
  ),
  'inspect.patches': invoke(
    z.strictObject({
      net: netRef,
      layer: z.string(),
      unit: z.int().nonnegative(),
      split: splitName,
      count: z.int().min(1).max(64).default(9),
    }),
    excitingPatches,
  ),
  /** One unit's computation at a place of its map ([0, 0] of a flat layer). */
  'inspect.unit': invoke(
    z.strictObject({
      net: netRef,
      layer: z.string(),
      unit: z.int().nonnegative(),
      row: z.int().nonnegative().default(0),
      column: z.int().nonnegative().default(0),
      input: netInput,
    }),
    z.array(unitWalk).min(1),
  ),
  'inspect.profile': invoke(
    z.strictObject({ net: netRef, inputs: z.array(netInput).min(1).max(64) }),
    activationProfile,
  ),
  /** Of the layer before the head for null, on up to 2,000 examples of the split. */
  'inspect.embedding': invoke(
    z.strictObject({ net: netRef, split: splitName, layer: z.string().nullable() }),
    embedding,
  ),
  /** What several nets of the same input shape say to one drawing, in their order. */
  'pad.answer': invoke(
    z.strictObject({
      nets: z
        .array(z.strictObject({ net: netRef, layer: z.string().nullable() }))
        .min(1)
        .max(8),
      /** Of the drawing, from 0 to 255 as examples are shown, [height, width, channels] flat. */
      values: z.instanceof(Float32Array<ArrayBuffer>),
    }),
    z.array(padAnswer),
  ),

  /** A dataset as filters and counts need it, without its examples. */
  'explore.columns': invoke(exploredData, exploredColumns),
  'explore.statistics': invoke(exploredData, datasetStatistics),
  /** Long: tells its progress as `task.progress`, `tasks.cancel` ends it. */
  'explore.projection': invoke(
    z.strictObject({
      ...exploredData.shape,
      method: projectionMethod,
      /** Drawn evenly from train, dev and test. */
      examples: z.int().min(10).max(20_000),
      task: z.string(),
    }),
    projection,
  ),
  /** Test examples that are nearly one of the training part. Long, as above. */
  'explore.duplicates': invoke(
    z.strictObject({ ...exploredData.shape, threshold: z.number().min(0).max(1), task: z.string() }),
    duplicates,
  ),
  'explore.notes': invoke(z.strictObject({ dataset: datasetId }), datasetNotes),
  /** Stores a note, or with null takes it away. */
  'explore.annotate': invoke(
    z.strictObject({
      dataset: datasetId,
      part: datasetPart,
      row: z.int().nonnegative(),
      note: exampleNote.pick({ kind: true, text: true }).nullable(),
    }),
    datasetNotes,
  ),
  'tasks.cancel': invoke(z.strictObject({ task: z.string() }), nothing),

  'compare.runs': invoke(z.strictObject({ runIds: z.array(runId).min(1).max(1_000) }), comparedRuns),
  'compare.series': invoke(
    z.strictObject({
      runIds: z.array(runId).min(1).max(1_000),
      curves: z
        .array(z.strictObject({ split: splitName, metric: seriesName }))
        .min(1)
        .max(12),
    }),
    z.array(comparedSeries),
  ),
  /** Grouped by everything but the seed, and every pair of groups tested over the seeds they share. */
  'compare.groups': invoke(
    z.strictObject({
      runIds: z.array(runId).min(1).max(1_000),
      split: splitName,
      metric: seriesName,
      at: measuredAt.default('last'),
    }),
    groupComparison,
  ),
  'compare.pair': invoke(
    z.strictObject({ a: netRef, b: netRef, split: splitName, head: z.string().nullable().default(null) }),
    pairComparison,
  ),

  /** Draws a figure for print; CSV writes its numbers. */
  'figures.render': invoke(
    z.strictObject({
      figure: figureSpec,
      name: z.string(),
      format: figureFormat,
      options: printOptions.prefault({}),
    }),
    exportedFile,
  ),
  'tables.render': invoke(
    z.strictObject({ table: tableSpec, name: z.string(), format: tableFormat }),
    exportedFile,
  ),
  /** The figures and tables of an experiment's report, from its stored runs. */
  'experiments.figures': invoke(
    z.strictObject({ id: z.string() }),
    z.strictObject({
      figures: z.array(namedFigure),
      tables: z.array(namedTable),
      /** What could not be made of these runs, and why. */
      missing: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
    }),
  ),
  /** All of them in one zip: figures in each format, tables in all of theirs. */
  'experiments.exportFigures': invoke(
    z.strictObject({
      id: z.string(),
      formats: z.array(figureFormat).min(1),
      options: printOptions.prefault({}),
    }),
    exportedFile,
  ),
  /** A trained model for other programs; more than one file comes as a zip where `zip` is set. */
  'runs.exportModel': invoke(
    z.strictObject({ net: netRef, format: modelFormat, zip: z.boolean().default(true) }),
    z.array(exportedFile).min(1),
  ),
  /**
   * Runs with their files as one archive, which another studio takes in by `runs.importArchive`. Written to `path`, or
   * given as bytes where that is null.
   */
  'runs.exportArchive': invoke(
    z.strictObject({
      runIds: z.array(runId).min(1),
      checkpoints: z.enum(['all', 'best-and-last']).default('best-and-last'),
      path: z.string().nullable().default(null),
    }),
    z.strictObject({ file: exportedFile.nullable(), sizeBytes: z.number().nonnegative() }),
  ),
  'runs.importArchive': invoke(
    z.strictObject({ path: z.string() }),
    z.strictObject({ runIds: z.array(runId), skipped: z.array(runId) }),
  ),

  /** Begins a search; its experiment has a `search`. */
  'studies.start': invoke(
    z.strictObject({
      experiment,
      experimentId: z.string().nullable().default(null),
      seed: runSeed.default(1),
      engine: engineChoice.default('auto'),
      /** Processes that train beside each other; null for one per core. */
      workers: z.int().min(1).max(64).nullable().default(null),
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
    z.array(trialSummary),
  ),
  'studies.folds': invoke(z.strictObject({ studyId, trial: z.int().nonnegative() }), z.array(foldResult)),
  'studies.pause': invoke(z.strictObject({ studyId }), nothing),
  /** Continues a paused or crashed study; what had finished stays. */
  'studies.resume': invoke(z.strictObject({ studyId }), nothing),
  'studies.cancel': invoke(z.strictObject({ studyId }), nothing),
  /** Adds trials to a study, also to one that has finished. */
  'studies.extend': invoke(z.strictObject({ studyId, trials: z.int().min(1).max(1_000_000) }), nothing),
  'studies.delete': invoke(z.strictObject({ studyIds: z.array(studyId).min(1) }), nothing),
  'studies.restore': invoke(z.strictObject({ studyIds: z.array(studyId).min(1) }), nothing),
  'studies.importance': invoke(z.strictObject({ studyId, method: importance.shape.method }), importance),
  /** Trains a trial's point (the best one's for null) on all training data and opens the test part to it: counted. */
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
  'study.changed': notify(studySummary),
  'study.progress': notify(studyProgress),
  /** Trials that were drawn or have changed. */
  'study.trials': notify(z.strictObject({ studyId, trials: z.array(trialSummary) })),
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
