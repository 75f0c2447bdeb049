import type { RunsQuery } from '../../shared/schema/run.ts';
import type { SqlValue } from './connection.ts';
import { searchTokens } from './search-text.ts';

/** A condition with its parameters, in the order of its question marks. */
interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

const sortColumns: Readonly<Record<RunsQuery['sort'], string>> = {
  createdAt: 'created_at',
  name: 'name COLLATE NOCASE',
  state: 'state',
  testAccuracy: 'test_accuracy',
  devLoss: 'dev_loss',
  trainLoss: 'train_loss',
  durationMs: 'duration_ms',
  seed: 'seed',
};

function conditionsOf(query: RunsQuery): Condition[] {
  const conditions: Condition[] = [
    { sql: query.deleted ? 'deleted_at IS NOT NULL' : 'deleted_at IS NULL', parameters: [] },
  ];
  if (query.states.length > 0) {
    const marks = query.states.map(() => '?').join(', ');
    conditions.push({ sql: `state IN (${marks})`, parameters: query.states });
  }
  if (query.tag !== null) {
    const sql = 'EXISTS (SELECT 1 FROM json_each(run.tags) WHERE json_each.value = ?)';
    conditions.push({ sql, parameters: [query.tag] });
  }
  for (const token of searchTokens(query.text)) {
    conditions.push({ sql: 'instr(search_text, ?) > 0', parameters: [token] });
  }
  return conditions;
}

/**
 * The SQL of a page of the history and of the number of all its matches. Runs without the sorted number come last
 * either way; equal ones follow in order of their ids, which is that of their creation.
 */
export function listQuery(query: RunsQuery): {
  readonly page: { readonly sql: string; readonly parameters: readonly SqlValue[] };
  readonly count: { readonly sql: string; readonly parameters: readonly SqlValue[] };
} {
  const conditions = conditionsOf(query);
  const where = conditions.map((condition) => condition.sql).join(' AND ');
  const parameters = conditions.flatMap((condition) => condition.parameters);
  const direction = query.descending ? 'DESC' : 'ASC';
  const order = `${sortColumns[query.sort]} ${direction} NULLS LAST, id ${direction}`;
  return {
    page: {
      sql: `SELECT * FROM run WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
      parameters: [...parameters, query.limit, query.offset],
    },
    count: { sql: `SELECT count(*) AS total FROM run WHERE ${where}`, parameters },
  };
}
