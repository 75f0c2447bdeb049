import { z } from 'zod';
import { targetStep } from './target.ts';

/** How fitted preprocessing is stored with a run. */
export const storedPreprocessing = z
  .strictObject({
    scale: z.array(z.number()),
    offset: z.array(z.number()),
    /** The whitening matrix, float32 [width, width] in base64; null for none. */
    whitening: z.string().nullable().default(null),
    target: z.array(targetStep).default([]),
  })
  .refine(({ scale, offset }) => scale.length === offset.length, 'scale and offset differ in length')
  .refine(
    ({ scale, whitening }) =>
      whitening === null || Buffer.byteLength(whitening, 'base64') === 4 * scale.length ** 2,
    'the whitening matrix has another width than the scale',
  );
export type StoredPreprocessing = z.infer<typeof storedPreprocessing>;
