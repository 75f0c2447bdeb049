import { z } from 'zod';
import {
  invoke,
  notify,
  type CallName,
  type CallParams,
  type CallResult,
  type EventPayload,
  type Handlers,
} from '../../shared/ipc/derive.ts';
import { artifact } from '../../shared/schema/artifact.ts';
import { splitName } from '../../shared/schema/dataset.ts';
import { engineOptions } from '../../shared/schema/engine.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import { taskProgress } from '../../shared/schema/explore.ts';
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
  padAnswer,
  unitWalk,
} from '../../shared/schema/inspection.ts';
import { batchPreview, headResult, layerHistograms, modelField } from '../../shared/schema/results.ts';
import { runId, runProvenance, runSeed } from '../../shared/schema/run.ts';

/** Where an inspector finds things, and what it computes with. Folders are absolute. */
export const inspectionPlaces = z.strictObject({
  engine: engineOptions,
  /** Folder of the store's artifacts. */
  artifactDirectory: z.string(),
  /** Folder of TensorFlow's library. */
  cacheDirectory: z.string(),
  /** Folder of the datasets that were imported or fetched. */
  datasetDirectory: z.string(),
});
export type InspectionPlaces = z.infer<typeof inspectionPlaces>;

/** Of what data a run was made. */
export const dataFingerprints = runProvenance.pick({ dataSha256: true, splitSha256: true });
export type DataFingerprints = z.infer<typeof dataFingerprints>;

/** A net as a run had it after some epoch. */
export const inspectedNet = z.strictObject({
  runId,
  experiment,
  seed: runSeed,
  /** Null for the weights before training. */
  checkpoint: artifact.nullable(),
  /** The run's fitted preparation; null to fit it again, as for a run that stored none. */
  preprocessing: artifact.nullable().default(null),
  /** What the run recorded; other data than that is refused. Null for a run that recorded none yet. */
  fingerprints: dataFingerprints.nullable(),
});
export type InspectedNet = z.infer<typeof inspectedNet>;

const about = { places: inspectionPlaces, net: inspectedNet };

/** What the studio asks of an inspector process, which answers one call after another. */
export const inspectorContract = {
  /** Predictions of every head on a split, and what they come to. */
  results: invoke(z.strictObject({ ...about, split: splitName }), z.array(headResult).min(1)),
  /** Decision boundary or fitted curve. */
  field: invoke(z.strictObject({ ...about, side: z.int().min(2).max(512) }), modelField),
  histograms: invoke(z.strictObject({ ...about, split: splitName }), z.array(layerHistograms)),
  /** Kernels of a convolution; of the first one for null. */
  filters: invoke(z.strictObject({ ...about, layer: z.string().nullable() }), layerFilters),
  featureMaps: invoke(z.strictObject({ ...about, layer: z.string(), input: netInput }), featureMaps),
  attribution: invoke(
    z.strictObject({
      ...about,
      input: netInput,
      method: attribution.shape.method,
      classIndex: z.int().nonnegative().nullable(),
      head: z.string().nullable(),
      layer: z.string().nullable(),
    }),
    attribution,
  ),
  /** Tells of its steps as `progress`, and may be ended by `cancel`. */
  maximise: invoke(
    z.strictObject({
      ...about,
      layer: z.string(),
      unit: z.int().nonnegative(),
      options: maximisationOptions,
      task: z.string().nullable(),
    }),
    maximisation,
  ),
  patches: invoke(
    z.strictObject({
      ...about,
      layer: z.string(),
      unit: z.int().nonnegative(),
      split: splitName,
      count: z.int().min(1),
    }),
    excitingPatches,
  ),
  embedding: invoke(z.strictObject({ ...about, split: splitName, layer: z.string().nullable() }), embedding),
  /** One unit's computation at a place, for one example. */
  unit: invoke(
    z.strictObject({
      ...about,
      layer: z.string(),
      unit: z.int().nonnegative(),
      row: z.int().nonnegative(),
      column: z.int().nonnegative(),
      input: netInput,
    }),
    z.array(unitWalk).min(1),
  ),
  /** Outputs of the hidden dense layers. */
  profile: invoke(z.strictObject({ ...about, inputs: z.array(netInput).min(1) }), activationProfile),
  /** What several nets say to one drawing; they stay open for the next. */
  pad: invoke(
    z.strictObject({
      places: inspectionPlaces,
      nets: z.array(z.strictObject({ net: inspectedNet, layer: z.string().nullable() })).min(1),
      values: z.instanceof(Float32Array<ArrayBuffer>),
    }),
    z.array(padAnswer.omit({ runId: true, epoch: true })),
  ),
  /** What the first training step of a run would be fed; of no stored net. */
  previewBatch: invoke(
    z.strictObject({
      places: inspectionPlaces,
      experiment,
      seed: runSeed,
      examples: z.int().min(1).max(64),
    }),
    batchPreview,
  ),
  /** Ends a long call by its name; answered at once, whatever is computed meanwhile. */
  cancel: invoke(z.strictObject({ task: z.string() }), z.strictObject({})),
  /** Of a long call, by the name it was given. */
  progress: notify(taskProgress.omit({ secondsLeft: true })),
} as const;

export type InspectorContract = typeof inspectorContract;
export type InspectorCall = CallName<InspectorContract>;
export type InspectorParams<K extends InspectorCall> = CallParams<InspectorContract, K>;
export type InspectorResult<K extends InspectorCall> = CallResult<InspectorContract, K>;
export type InspectorProgress = EventPayload<InspectorContract, 'progress'>;
export type InspectorHandlers = Handlers<InspectorContract>;
