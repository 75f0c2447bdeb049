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
const GROUP_ORDER = 'group_key COLLATE NOCASE NULLS LAST, group_key';

/** Each run's group, taken from its experiment once, however often the query then looks at it. */
function grouped(field: string, where: string): string {
  const key = fieldSql(field);
  return `WITH grouped AS MATERIALIZED (SELECT number, ${key} AS group_key FROM run WHERE ${where})`;
}

function orderOf({ sort, sortField, descending }: RunsQuery): string {
  const direction = descending ? 'DESC' : 'ASC';
  const sorted = sortField === null ? sortColumns[sort] : `${fieldSql(sortField)} COLLATE NOCASE`;
  return `${sorted} ${direction} NULLS LAST, id ${direction}`;
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
  const { groupBy } = query;
  const conditions = conditionsOf(query);
  const where = conditions.map((condition) => condition.sql).join(' AND ');
  const parameters = conditions.flatMap((condition) => condition.parameters);
  return {
    page: {
      sql: `${pageSql(query, where)} LIMIT ? OFFSET ?`,
      parameters: [...parameters, query.limit, query.offset],
    },
    count: { sql: `SELECT count(*) AS total FROM run WHERE ${where}`, parameters },
    groups: groupBy === null ? null : { sql: groupsSql(groupBy, query.groupMeans, where), parameters },
  };
}

function pageSql(query: RunsQuery, where: string): string {
  const columns = query.columns.map((field, index) => `, ${shownSql(field)} AS column_${index}`).join('');
  const select = `SELECT run.*${columns} FROM run`;
  if (query.groupBy === null) return `${select} WHERE ${where} ORDER BY ${orderOf(query)}`;
  return `${grouped(query.groupBy, where)} ${select} JOIN grouped USING (number)
    ORDER BY ${GROUP_ORDER}, ${orderOf(query)}`;
}

/** Count, mean and mean square of a field's numbers. */
function sumsSql(field: string, index: number): string {
  const sql = fieldSql(field);
  const number = `CASE WHEN typeof(${sql}) IN ('integer', 'real') THEN 1.0 * ${sql} END`;
  return `, count(${number}) AS count_${index}, avg(${number}) AS mean_${index}, avg((${number}) * (${number})) AS square_${index}`;
}

/** The groups with their sizes and means; what a group is called is read from its first run. */
function groupsSql(field: string, means: readonly string[], where: string): string {
  const members = means.length === 0 ? 'grouped' : 'grouped JOIN run USING (number)';
  return `${grouped(field, where)},
    counted AS (SELECT min(grouped.number) AS first, count(*) AS group_size, group_key${means.map(sumsSql).join('')}
      FROM ${members} GROUP BY group_key)
    SELECT counted.*, group_size AS count, ${shownSql(field)} AS value
    FROM counted JOIN run ON run.number = counted.first ORDER BY ${GROUP_ORDER}`;
}
