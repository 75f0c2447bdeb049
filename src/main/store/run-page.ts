import type { RunFieldValue } from '../../shared/schema/run-query.ts';
import type { ListedGroup, RunsPage, RunsQuery } from '../../shared/schema/run.ts';
import type { Connection } from './connection.ts';
import { listQuery } from './list-query.ts';
import { readShown } from './run-field-sql.ts';
import { toSummary, type RunRow } from './run-row.ts';

type GroupRow = { readonly value: string | null; readonly count: number } & Readonly<
  Record<`${'count' | 'mean' | 'square'}_${number}`, number | null>
>;

function meanOf(group: GroupRow, index: number): NonNullable<ListedGroup['means']>[number] {
  const [count, mean] = [group[`count_${index}`] ?? 0, group[`mean_${index}`] ?? null];
  if (mean === null || count < 2) return { count, mean, standardDeviation: null };
  // Rounding may leave a variance of equal numbers a little below zero.
  const variance = Math.max(0, (group[`square_${index}`] ?? 0) - mean * mean);
  return { count, mean, standardDeviation: Math.sqrt((variance * count) / (count - 1)) };
}

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
      groups: connection.all<GroupRow>(groups.sql, groups.parameters).map((group) => ({
        value: readShown(group.value),
        count: group.count,
        ...(query.groupMeans.length > 0 && {
          means: query.groupMeans.map((_, index) => meanOf(group, index)),
        }),
      })),
    }),
  };
}

function columnOf(row: Readonly<Record<string, unknown>>, index: number): RunFieldValue {
  return readShown(row[`column_${index}`] as string | null);
}
