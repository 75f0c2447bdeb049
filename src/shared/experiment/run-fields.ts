import { experiment, type Experiment } from '../schema/experiment.ts';
import type { RunFieldValue } from '../schema/run-query.ts';
import type { RunSummary } from '../schema/run.ts';

export type RunFieldKind = 'number' | 'text' | 'words' | 'time' | 'tags';

/** The fields of a run besides the paths of its experiment; `words` are texts that one searches in. */
export const RUN_FIELDS = {
  id: 'text',
  name: 'words',
  notes: 'words',
  failure: 'words',
  tags: 'tags',
  dataset: 'text',
  group: 'text',
  experimentId: 'text',
  variant: 'text',
  state: 'text',
  engineKind: 'text',
  seed: 'number',
  epochsDone: 'number',
  epochsPlanned: 'number',
  trainLoss: 'number',
  devLoss: 'number',
  testLoss: 'number',
  trainAccuracy: 'number',
  devAccuracy: 'number',
  testAccuracy: 'number',
  trainError: 'number',
  devError: 'number',
  testError: 'number',
  /** Of test where it is measured, else of dev, else of train; so are `loss` and `error`. */
  accuracy: 'number',
  loss: 'number',
  error: 'number',
  durationMs: 'number',
  examplesPerSecond: 'number',
  createdAt: 'time',
  finishedAt: 'time',
} as const satisfies Readonly<Record<string, RunFieldKind>>;
export type NamedRunField = keyof typeof RUN_FIELDS;

/** Is it a field of the run itself rather than a path in its experiment? */
export function isNamedRunField(field: string): field is NamedRunField {
  return Object.hasOwn(RUN_FIELDS, field);
}

/** May the path lead somewhere in an experiment? Only its first part is known for sure. */
export function isExperimentField(field: string): boolean {
  const [first = ''] = field.split('.');
  return Object.hasOwn(experiment.shape, first) && field.includes('.');
}

type Measure = 'Loss' | 'Accuracy' | 'Error';

function measured({ headline }: RunSummary, measure: Measure): number | null {
  return headline[`test${measure}`] ?? headline[`dev${measure}`] ?? headline[`train${measure}`];
}

function namedValue(run: RunSummary, field: NamedRunField): RunFieldValue {
  switch (field) {
    case 'loss':
      return measured(run, 'Loss');
    case 'accuracy':
      return measured(run, 'Accuracy');
    case 'error':
      return measured(run, 'Error');
    case 'tags':
      return run.tags.length === 0 ? null : run.tags.join(', ');
    case 'notes':
      return run.notes === '' ? null : run.notes;
    case 'failure':
      return run.failure?.message ?? null;
    case 'trainLoss':
    case 'devLoss':
    case 'testLoss':
    case 'trainAccuracy':
    case 'devAccuracy':
    case 'testAccuracy':
    case 'trainError':
    case 'devError':
    case 'testError':
      return run.headline[field];
    default:
      return run[field];
  }
}

/** A JSON value as a field shows it: lists and objects as text, what is not there as null. */
export function toFieldValue(value: unknown): RunFieldValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return JSON.stringify(value);
  return value as RunFieldValue;
}

/** What a run holds in a field; null where there is no such field. */
export function valueOfField(run: RunSummary, made: Experiment, field: string): RunFieldValue {
  if (isNamedRunField(field)) return namedValue(run, field);
  let value: unknown = made;
  for (const key of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return toFieldValue(value);
}
