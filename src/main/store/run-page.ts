import type { RunFieldValue } from '../../shared/schema/run-query.ts';
import type { RunsPage, RunsQuery } from '../../shared/schema/run.ts';
import type { Connection } from './connection.ts';
import { listQuery } from './list-query.ts';
import { readShown } from './run-field-sql.ts';
import { toSummary, type RunRow } from './run-row.ts';

/** A page of the history; the caller holds the snapshot. */
export function readPage(connection: Connection, query: RunsQuery): RunsPage {
  const { page, count, groups } = listQuery(query);
  const rows = connection.all<RunRow & Readonly<Record<string, unknown>>>(page.sql, page.parameters);
  const columns = rows.map((row) => query.columns.map((_, index) => columnOf(row, index)));
  return {
    runs: rows.map(toSummary),
    total: connection.first<{ total: number }>(count.sql, count.parameters)?.total ?? 0,
    ...(query.columns.length > 0 && { columns }),
    ...(groups !== null && {
      groups: connection
        .all<{ value: string | null; count: number }>(groups.sql, groups.parameters)
        .map((group) => ({ value: readShown(group.value), count: group.count })),
    }),
  };
}

function columnOf(row: Readonly<Record<string, unknown>>, index: number): RunFieldValue {
  return readShown(row[`column_${index}`] as string | null);
}
