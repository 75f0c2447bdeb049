import path from 'node:path';
import { z } from 'zod';
import { currentPlatform, TENSORFLOW_VERSION } from './pinned.ts';

/** Name of the file that describes an installed library. */
export const MANIFEST = 'manifest.json';

/** What an installed library consists of; written last, so its presence means the rest is whole. */
export const libraryManifest = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  platform: z.string(),
  files: z
    .array(
      z.strictObject({
        name: z.string(),
        sizeBytes: z.number().nonnegative(),
        sha256: z.string().length(64),
      }),
    )
    .min(1),
});
export type LibraryManifest = z.infer<typeof libraryManifest>;

/** Folder of the installed library within the cache. */
export function libraryDirectory(cacheDirectory: string, platform: string = currentPlatform()): string {
  return path.join(cacheDirectory, `tensorflow-${TENSORFLOW_VERSION}-${platform}`);
}
