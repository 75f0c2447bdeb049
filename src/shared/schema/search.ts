import { z } from 'zod';

/** Where in an experiment a value goes, such as "training.optimizer.learningRate"; numbers are positions in lists. */
export const experimentPath = z.string().regex(/^[A-Za-z]+(\.[A-Za-z0-9]+)*$/);

/** One dimension of a search; `paths` all take the same value. */
export const searchParameter = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('uniform'),
    name: z.string().min(1).max(60),
    paths: z.array(experimentPath).min(1),
    minimum: z.number(),
    maximum: z.number(),
  }),
  z.strictObject({
    kind: z.literal('log-uniform'),
    name: z.string().min(1).max(60),
    paths: z.array(experimentPath).min(1),
    minimum: z.number().positive(),
    maximum: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('integer'),
    name: z.string().min(1).max(60),
    paths: z.array(experimentPath).min(1),
    minimum: z.int(),
    maximum: z.int(),
  }),
  z.strictObject({
    kind: z.literal('choice'),
    name: z.string().min(1).max(60),
    paths: z.array(experimentPath).min(1),
    values: z.array(z.json()).min(1).max(1_000),
  }),
]);
export type SearchParameter = z.infer<typeof searchParameter>;

/** The space of a search and how it is walked; the experiment itself is one point of it. */
export const searchSpec = z.strictObject({
  parameters: z.array(searchParameter).min(1).max(100),
  sampler: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('random'), trials: z.int().min(1).max(1_000_000) }),
    /** Every point of a grid, or a random share of it. */
    z.strictObject({ kind: z.literal('grid'), fraction: z.number().positive().max(1).default(1) }),
  ]),
  /** Folds of cross-validation; 1 for a plain dev part. */
  folds: z.int().min(1).max(1_000).default(1),
});
export type SearchSpec = z.infer<typeof searchSpec>;
