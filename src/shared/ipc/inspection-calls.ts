import { z } from 'zod';
import { datasetId, splitName } from '../schema/dataset.ts';
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
} from '../schema/explore.ts';
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
import { invoke } from './derive.ts';

const nothing = z.strictObject({});

/** The calls that look inside nets and datasets. */
export const inspectionCalls = {
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
} as const;
