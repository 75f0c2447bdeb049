import { z } from 'zod';
import { runDetail } from '../../../shared/schema/run.ts';

/** Name of the file that says what an archive holds; the first in it. */
export const MANIFEST = 'manifest.json';

/** Where an archive keeps the artifacts, under their own paths. */
export const ARTIFACTS = 'artifacts/';

/** What an archive of runs holds. */
export const archiveManifest = z.strictObject({
  format: z.literal('epoch-studio-runs'),
  version: z.literal(1),
  appVersion: z.string(),
  runs: z.array(runDetail).min(1).max(100_000),
});
export type ArchiveManifest = z.infer<typeof archiveManifest>;
