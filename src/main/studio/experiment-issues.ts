import type { z } from 'zod';
import { experiment, type ExperimentIssue } from '../../shared/schema/experiment.ts';
import { closestWord } from './did-you-mean.ts';
import { knownKeys } from './schema-keys.ts';

/** What a schema found wrong with an experiment, each fault at its path, with a hint where a word is misspelt. */
export function describeIssues(error: z.ZodError, value: unknown): ExperimentIssue[] {
  return error.issues.flatMap((issue) => describeIssue(issue, value));
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): ExperimentIssue[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: joinPath([...issue.path, key]),
        message: unknownKey(key, knownKeys(experiment, value, issue.path)),
      }));
    case 'invalid_value':
      return [{ path: joinPath(issue.path), message: unknownValue(issue, valueAt(value, issue.path)) }];
    case 'invalid_union':
      return [{ path: joinPath(issue.path), message: unknownKind(issue, value) }];
    default:
      return [{ path: joinPath(issue.path), message: issue.message }];
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const hint = closestWord(key, known);
  const expected = known.length === 0 ? '' : `; expected one of ${known.join(', ')}`;
  return hint === null
    ? `"${key}" is not a known key${expected}`
    : `"${key}" is not a known key; did you mean "${hint}"?`;
}

function unknownValue(issue: z.core.$ZodIssueInvalidValue, found: unknown): string {
  const known = issue.values.map(String);
  if (found === undefined) return `is missing; expected ${known.join(' or ')}`;
  const hint = typeof found === 'string' ? closestWord(found, known) : null;
  if (hint !== null) return `${JSON.stringify(found)} is not known; did you mean "${hint}"?`;
  return `found ${JSON.stringify(found)}, expected ${known.join(' or ')}`;
}

/** A union of kinds fails on its discriminator, at whose path the issue is. */
function unknownKind(issue: z.core.$ZodIssueInvalidUnion, value: unknown): string {
  const found = valueAt(value, issue.path);
  const known = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  if (known.length === 0) return issue.message;
  return unknownValue({ ...issue, code: 'invalid_value', values: known }, found);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value);
}

function joinPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
