import { z } from 'zod';
import { datasetId, datasetInfo } from './dataset.ts';

/** A dataset that can be fetched from its official address, or imported from files the user has. */
export const catalogueEntry = z.strictObject({
  id: datasetId,
  name: z.string(),
  description: z.string(),
  homepage: z.string(),
  licence: z.string(),
  /** Empty for datasets without a free address, which can only be imported. */
  files: z.array(
    z.strictObject({
      name: z.string(),
      address: z.string(),
      sizeBytes: z.int().positive(),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable(),
    }),
  ),
  /** What to drop or pick instead, in words. */
  importHint: z.string(),
  /** Null until it is on this machine. */
  info: datasetInfo.nullable(),
});
export type CatalogueEntry = z.infer<typeof catalogueEntry>;

/** Everything the Data screen lists. */
export const datasetList = z.strictObject({
  datasets: z.array(datasetInfo),
  catalogue: z.array(catalogueEntry),
});
export type DatasetList = z.infer<typeof datasetList>;

/** Fetching or importing, sent several times a second while it goes on. */
export const datasetProgress = z.strictObject({
  dataset: z.string(),
  phase: z.enum(['download', 'read', 'store', 'done', 'failed', 'cancelled']),
  doneBytes: z.number().nonnegative(),
  totalBytes: z.number().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
  message: z.string(),
});
export type DatasetProgress = z.infer<typeof datasetProgress>;

/** A file's columns before it is stored, so that guesses can be corrected. */
export const importPreview = z.strictObject({
  /** What the files were taken for. */
  format: z.enum(['csv', 'idx', 'cifar-10', 'usps', 'npy', 'npz', 'image-folder']),
  /** A dataset of the catalogue that the files were recognised as; null for the user's own. */
  catalogueId: datasetId.nullable(),
  suggestedName: z.string(),
  trainExamples: z.int().nonnegative(),
  testExamples: z.int().nonnegative(),
  featureShape: z.array(z.int().positive()),
  classes: z.array(z.string()),
  /** For tables: columns with guessed types and their first values as text. */
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        type: z.enum(['number', 'category', 'text']),
        missingCount: z.int().nonnegative(),
        firstValues: z.array(z.string()),
      }),
    )
    .nullable(),
});
export type ImportPreview = z.infer<typeof importPreview>;

/** What is imported: files on this machine, and what the user says of them. */
export const importRequest = z.strictObject({
  /** Absolute paths of files, or of one folder of images. */
  paths: z.array(z.string().min(1)).min(1).max(1_000),
  /** Name of the new dataset; the suggested one when left out. */
  name: z.string().min(1).max(80).optional(),
  /** Corrections of guessed column types, by column. */
  columnTypes: z.record(z.string(), z.enum(['number', 'category', 'text'])).default({}),
});
export type ImportRequest = z.infer<typeof importRequest>;
