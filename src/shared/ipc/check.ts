import type { z } from 'zod';
import { StudioError, type ErrorCode } from './errors.ts';

/** One place where a value does not fit its schema. */
export interface Mismatch {
  /** Such as "experiment.training.epochs"; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

/** The faults a schema found, each with its path. */
export function toMismatches(error: z.ZodError): Mismatch[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}

/**
 * Parses a value at a boundary.
 * @param who whose value it is, e.g. "runs.start parameters"
 * @throws StudioError with `code`; its details carry every mismatch as `issues`
 */
export function parseOrThrow<S extends z.ZodType>(
  schema: S,
  value: unknown,
  who: string,
  code: ErrorCode,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = toMismatches(parsed.error);
  const list = issues.slice(0, 5).map((issue) => `${issue.path || 'the value itself'}: ${issue.message}`);
  throw new StudioError(code, `${who}: found a value that does not fit (${list.join('; ')})`, { issues });
}
