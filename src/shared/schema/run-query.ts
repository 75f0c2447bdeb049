import { z } from 'zod';
import { runState } from './run-state.ts';

/** Names a field of a run: one of RUN_FIELDS, or a path in its experiment such as "training.optimizer.kind". */
export const runField = z
  .string()
  .regex(/^[A-Za-z]+(\.[A-Za-z0-9]+)*$/)
  .max(200);
export type RunField = z.infer<typeof runField>;

/** What a field holds. Lists and objects of an experiment come as their JSON text. */
export const runFieldValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type RunFieldValue = z.infer<typeof runFieldValue>;

/**
 * One condition on a field. `=` holds where it is any of the values, `!=` where it is none of them, `~` where its text
 * contains one of them; the others compare with the first. Texts are compared whatever their case. A field that is not
 * there is null: it equals null only.
 */
export const runCondition = z.strictObject({
  field: runField,
  operator: z.enum(['=', '!=', '~', '<', '<=', '>', '>=']),
  values: z.array(runFieldValue).min(1).max(100),
});
export type RunCondition = z.infer<typeof runCondition>;

export const runsQuery = z.strictObject({
  text: z.string().default(''),
  states: z.array(runState).default([]),
  tag: z.string().nullable().default(null),
  deleted: z.boolean().default(false),
  /** All of them hold; made from what is typed by `parseRunsFilter`. */
  filter: z.array(runCondition).max(50).default([]),
  sort: z
    .enum(['createdAt', 'name', 'state', 'testAccuracy', 'devLoss', 'trainLoss', 'durationMs', 'seed'])
    .default('createdAt'),
  /** Any field to sort by instead of `sort`. */
  sortField: runField.nullable().default(null),
  descending: z.boolean().default(true),
  /** Runs that agree in this field come together, its values in order; the answer then names the groups. */
  groupBy: runField.nullable().default(null),
  /** Fields of numbers whose mean and spread each group names. */
  groupMeans: z.array(runField).max(12).default([]),
  /** Fields whose values come with each run. */
  columns: z.array(runField).max(50).default([]),
  limit: z.int().min(1).max(10_000).default(200),
  offset: z.int().min(0).default(0),
});
export type RunsQuery = z.infer<typeof runsQuery>;
