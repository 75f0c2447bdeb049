import type { RunsQuery } from '../../shared/schema/run.ts';
import type { SqlValue } from './connection.ts';
import { conditionSql, fieldSql, shownSql, type SqlCondition } from './run-field-sql.ts';
import { searchTokens } from './search-text.ts';

/** A statement with its parameters, in the order of its question marks. */
interface SqlQuery {
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

function conditionsOf(query: RunsQuery): SqlCondition[] {
  const conditions: SqlCondition[] = [
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
  return [...conditions, ...query.filter.map(conditionSql)];
}

/** Texts in the order of the alphabet, equal ones by case, so that equal values come together. */
function groupOrder(field: string): string {
  const sql = fieldSql(field);
  return `${sql} COLLATE NOCASE NULLS LAST, ${sql}`;
}

function orderOf({ sort, sortField, descending, groupBy }: RunsQuery): string {
  const direction = descending ? 'DESC' : 'ASC';
  const sorted = sortField === null ? sortColumns[sort] : `${fieldSql(sortField)} COLLATE NOCASE`;
  const order = `${sorted} ${direction} NULLS LAST, id ${direction}`;
  return groupBy === null ? order : `${groupOrder(groupBy)}, ${order}`;
}

/**
 * The SQL of a page of the history, of the number of all its matches, and of their groups. Runs without the sorted
 * number come last either way; equal ones follow in order of their ids, which is that of their creation.
 */
export function listQuery(query: RunsQuery): {
  readonly page: SqlQuery;
  readonly count: SqlQuery;
  readonly groups: SqlQuery | null;
} {
  const conditions = conditionsOf(query);
  const where = conditions.map((condition) => condition.sql).join(' AND ');
  const parameters = conditions.flatMap((condition) => condition.parameters);
  const columns = query.columns.map((field, index) => `, ${shownSql(field)} AS column_${index}`).join('');
  return {
    page: {
      sql: `SELECT run.*${columns} FROM run WHERE ${where} ORDER BY ${orderOf(query)} LIMIT ? OFFSET ?`,
      parameters: [...parameters, query.limit, query.offset],
    },
    count: { sql: `SELECT count(*) AS total FROM run WHERE ${where}`, parameters },
    groups: query.groupBy === null ? null : groupsQuery(query.groupBy, query.groupMeans, where, parameters),
  };
}

/** Count, mean and mean square of a field's numbers. */
function sumsSql(field: string, index: number): string {
  const sql = fieldSql(field);
  const number = `CASE WHEN typeof(${sql}) IN ('integer', 'real') THEN 1.0 * ${sql} END`;
  return `, count(${number}) AS count_${index}, avg(${number}) AS mean_${index}, avg((${number}) * (${number})) AS square_${index}`;
}

function groupsQuery(
  field: string,
  means: readonly string[],
  where: string,
  parameters: readonly SqlValue[],
): SqlQuery {
  return {
    sql: `SELECT max(${shownSql(field)}) AS value, count(*) AS count${means.map(sumsSql).join('')} FROM run WHERE ${where}
      GROUP BY ${fieldSql(field)} ORDER BY ${groupOrder(field)}`,
    parameters,
  };
}
