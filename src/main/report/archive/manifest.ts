import { z } from 'zod';
import { runDetail } from '../../../shared/schema/run.ts';
import { wholeStudy } from '../../../shared/schema/study.ts';

/** Name of the file that says what an archive holds; the first in it. */
export const MANIFEST = 'manifest.json';

/** Where an archive keeps the artifacts, under their own paths. */
export const ARTIFACTS = 'artifacts/';

/** What an archive holds. Runs that its studies opened the test part by are among its runs. */
export const archiveManifest = z.strictObject({
  format: z.literal('epoch-studio-runs'),
  version: z.literal(1),
  appVersion: z.string(),
  runs: z.array(runDetail).max(100_000),
  studies: z.array(wholeStudy).max(10_000).default([]),
});
export type ArchiveManifest = z.infer<typeof archiveManifest>;
