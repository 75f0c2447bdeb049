import { z } from 'zod';

export const artifactKind = z.enum(['checkpoint', 'preprocessing', 'result']);
export type ArtifactKind = z.infer<typeof artifactKind>;

/** A file beside the database. `path` is relative to the store's artifact folder. */
export const artifact = z.strictObject({
  kind: artifactKind,
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().nonnegative(),
});
export type Artifact = z.infer<typeof artifact>;
