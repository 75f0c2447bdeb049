import { isNamedRunField, type NamedRunField } from '../../shared/experiment/run-fields.ts';
import type { RunCondition, RunFieldValue } from '../../shared/schema/run-query.ts';
import type { SqlValue } from './connection.ts';

/** A condition with its parameters, in the order of its question marks. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

const columns: Readonly<Record<NamedRunField, string>> = {
  id: 'run.id',
  name: 'run.name',
  notes: "nullif(run.notes, '')",
  failure: "json_extract(run.failure, '$.message')",
  tags: "(SELECT group_concat(value, ', ') FROM json_each(run.tags))",
  dataset: 'run.dataset',
  group: 'run.experiment_group',
  experimentId: 'run.experiment_id',
  variant: 'run.variant',
  state: 'run.state',
  engineKind: 'run.engine_kind',
  seed: 'run.seed',
  epochsDone: 'run.epochs_done',
  epochsPlanned: 'run.epochs_planned',
  trainLoss: 'run.train_loss',
  devLoss: 'run.dev_loss',
  testLoss: 'run.test_loss',
  trainAccuracy: 'run.train_accuracy',
  devAccuracy: 'run.dev_accuracy',
  testAccuracy: 'run.test_accuracy',
  trainError: 'run.train_error',
  devError: 'run.dev_error',
  testError: 'run.test_error',
  accuracy: 'coalesce(run.test_accuracy, run.dev_accuracy, run.train_accuracy)',
  loss: 'coalesce(run.test_loss, run.dev_loss, run.train_loss)',
  error: 'coalesce(run.test_error, run.dev_error, run.train_error)',
  durationMs: 'run.duration_ms',
  examplesPerSecond: 'run.examples_per_second',
  createdAt: 'run.created_at',
  finishedAt: 'run.finished_at',
};

/** A path of JSON; a field's schema lets no character in that would end the SQL text. */
function jsonPath(field: string): string {
  const steps = field.split('.').map((key) => (/^\d+$/.test(key) ? `[${Number(key)}]` : `."${key}"`));
  return `'$${steps.join('')}'`;
}

/** What a field holds, for comparing and sorting: numbers and texts, true and false as 1 and 0. */
export function fieldSql(field: string): string {
  if (isNamedRunField(field)) return columns[field];
  return `(SELECT json_extract(experiment, ${jsonPath(field)}) FROM run_definition WHERE run_number = run.number)`;
}

/** What a field holds as JSON text, for showing; read with {@link readShown}. */
export function shownSql(field: string): string {
  if (isNamedRunField(field)) return `json_quote(${columns[field]})`;
  return `(SELECT experiment -> ${jsonPath(field)} FROM run_definition WHERE run_number = run.number)`;
}

/** The value that {@link shownSql} selected. */
export function readShown(text: string | null): RunFieldValue {
  const value: unknown = text === null ? null : JSON.parse(text);
  return typeof value === 'object' && value !== null ? text : (value as RunFieldValue);
}

function toSql(value: RunFieldValue): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

function isAnyOf(sql: string, values: readonly RunFieldValue[]): SqlCondition {
  const given = values.filter((value) => value !== null).map(toSql);
  const parts = given.map(() => `${sql} = ? COLLATE NOCASE`);
  if (values.includes(null)) parts.push(`${sql} IS NULL`);
  return { sql: `coalesce(${parts.join(' OR ')}, 0)`, parameters: given };
}

function hasAnyTag(values: readonly RunFieldValue[]): SqlCondition {
  const given = values.filter((value) => value !== null).map((value) => String(value));
  const parts = given.map(() => 'EXISTS (SELECT 1 FROM json_each(run.tags) WHERE value = ? COLLATE NOCASE)');
  if (values.includes(null)) parts.push("run.tags = '[]'");
  return { sql: `(${parts.join(' OR ')})`, parameters: given };
}

/** A condition as SQL over the table `run`. */
export function conditionSql({ field, operator, values }: RunCondition): SqlCondition {
  const sql = fieldSql(field);
  if (operator === '=' || operator === '!=') {
    const same = field === 'tags' ? hasAnyTag(values) : isAnyOf(sql, values);
    return operator === '=' ? same : { ...same, sql: `NOT ${same.sql}` };
  }
  if (operator === '~') {
    const parts = values.map(() => `instr(lower(${sql}), lower(?)) > 0`);
    return { sql: `(${parts.join(' OR ')})`, parameters: values.map((value) => String(value ?? '')) };
  }
  const limit = toSql(values[0] ?? null);
  const type = typeof limit === 'number' ? "('integer', 'real')" : "('text')";
  return {
    sql: `(typeof(${sql}) IN ${type} AND ${sql} ${operator} ? COLLATE NOCASE)`,
    parameters: [limit],
  };
}
