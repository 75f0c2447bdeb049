import { z } from 'zod';
import { columnType, datasetId, targetInfo } from '../../../shared/schema/dataset.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file beside the manifest: little-endian elements and nothing else. */
const arrayFile = z.strictObject({
  file: z.string().regex(/^[a-z0-9-]+\.(?:u8|f32|i32|table)$/),
  sizeBytes: z.int().nonnegative(),
  sha256,
});
export type ArrayFile = z.infer<typeof arrayFile>;

const storedPart = z.strictObject({
  exampleCount: z.int().positive(),
  features: arrayFile.extend({ elements: z.enum(['uint8', 'float32']) }),
  /** By target: labels as int32, numbers as float32. */
  targets: z.array(arrayFile).min(1),
});
export type StoredPart = z.infer<typeof storedPart>;

const storedExamples = z.strictObject({
  kind: z.literal('examples'),
  featureShape: z.array(z.int().positive()).min(1),
  featureNames: z.array(z.string()),
  targets: z.array(targetInfo).min(1),
  train: storedPart,
  /** Null for a dataset that comes as one part. */
  test: storedPart.nullable(),
  /** Fingerprint of both parts, as a run records it. */
  sha256,
});
export type StoredExamples = z.infer<typeof storedExamples>;

const storedColumn = z.strictObject({
  name: z.string().min(1),
  type: columnType,
  unit: z.string().nullable(),
  missingCount: z.int().nonnegative(),
  /** Names by code; empty for other types. */
  categories: z.array(z.string()),
  /**
   * Where it lies in the table's file, from a multiple of 8. Numbers are float64 with NaN for a missing value,
   * categories int32 codes with -1 for one, text a JSON array with null for one.
   */
  offsetBytes: z.int().nonnegative().multipleOf(8),
  lengthBytes: z.int().nonnegative(),
});
export type StoredColumn = z.infer<typeof storedColumn>;

const storedTable = z.strictObject({
  kind: z.literal('table'),
  rowCount: z.int().positive(),
  columns: z.array(storedColumn).min(1),
  file: arrayFile,
});
export type StoredTable = z.infer<typeof storedTable>;

/** What a stored dataset's folder holds, as its manifest.json says. */
export const datasetManifest = z.strictObject({
  version: z.literal(1),
  id: datasetId,
  name: z.string().min(1),
  licence: z.string(),
  origin: z.enum(['catalogue', 'imported']),
  storedAt: z.iso.datetime(),
  content: z.discriminatedUnion('kind', [storedExamples, storedTable]),
});
export type DatasetManifest = z.infer<typeof datasetManifest>;
