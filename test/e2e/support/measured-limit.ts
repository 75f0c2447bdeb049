import { join } from 'node:path';
import { z } from 'zod';
import { RESULTS } from '../../../scripts/lib/paths.mjs';

/** Where the end-to-end tests leave what they measured, a file for each limit. */
export const LIMITS = join(RESULTS, 'limits');

/** A time that users are promised, and what it was here. */
export const measuredLimit = z.object({
  /** Of the file, and of the row in the report. */
  name: z.string(),
  measuredMs: z.number(),
  limitMs: z.number(),
});
export type MeasuredLimit = Readonly<z.infer<typeof measuredLimit>>;
