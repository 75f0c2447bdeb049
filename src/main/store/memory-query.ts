import { valueOfField } from '../../shared/experiment/run-fields.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { RunCondition, RunFieldValue } from '../../shared/schema/run-query.ts';
import type { ListedGroup, RunsPage, RunsQuery, RunSummary } from '../../shared/schema/run.ts';
import { searchTextOf, searchTokens } from './search-text.ts';

/** What a query looks at. */
export interface QueriedRun {
  readonly summary: RunSummary;
  readonly experiment: Experiment;
}

function matchesQuery({ summary, experiment }: QueriedRun, query: RunsQuery): boolean {
  if ((summary.deletedAt !== null) !== query.deleted) return false;
  if (query.states.length > 0 && !query.states.includes(summary.state)) return false;
  if (query.tag !== null && !summary.tags.includes(query.tag)) return false;
  const text = searchTextOf(summary);
  if (!searchTokens(query.text).every((token) => text.includes(token))) return false;
  return query.filter.every((condition) => meets(summary, experiment, condition));
}

/** Upper case as lower, of the letters that SQLite knows; true and false as numbers. */
function toKey(value: RunFieldValue): SortKey {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : value;
}

function meets(summary: RunSummary, experiment: Experiment, condition: RunCondition): boolean {
  const { field, operator } = condition;
  const value = toKey(valueOfField(summary, experiment, field));
  const wanted = condition.values.map(toKey);
  const held = field === 'tags' && summary.tags.length > 0 ? summary.tags.map(toKey) : [value];
  if (operator === '=') return wanted.some((one) => held.includes(one));
  if (operator === '!=') return !wanted.some((one) => held.includes(one));
  if (operator === '~') {
    return value !== null && wanted.some((one) => String(value).includes(String(one ?? '')));
  }
  const [limit = null] = wanted;
  if (value === null || limit === null || typeof value !== typeof limit) return false;
  if (operator === '<') return value < limit;
  if (operator === '<=') return value <= limit;
  return operator === '>' ? value > limit : value >= limit;
}

/** Nothing comes last, numbers come before texts. */
function compareKeys(x: SortKey, y: SortKey, descending: boolean): number {
  if (x === y) return 0;
  if (x === null || y === null) return x === null ? 1 : -1;
  const before = typeof x === typeof y ? x < y : typeof x === 'number';
  return before === descending ? 1 : -1;
}

function compareFields(a: QueriedRun, b: QueriedRun, field: string, descending: boolean): number {
  const x = valueOfField(a.summary, a.experiment, field);
  const y = valueOfField(b.summary, b.experiment, field);
  return compareKeys(toKey(x), toKey(y), descending);
}

/** Equal values come together, so those that differ by case alone must not mix. */
function compareGroups(a: QueriedRun, b: QueriedRun, field: string): number {
  const [x, y] = [a, b].map((run) => String(valueOfField(run.summary, run.experiment, field)));
  return compareFields(a, b, field, false) || compareKeys(x!, y!, false);
}

type SortKey = string | number | null;

function sortKey(run: RunSummary, sort: RunsQuery['sort']): SortKey {
  switch (sort) {
    case 'testAccuracy':
    case 'devLoss':
    case 'trainLoss':
      return run.headline[sort];
    case 'name':
      return run.name.toLowerCase();
    case 'createdAt':
    case 'state':
    case 'durationMs':
    case 'seed':
      return run[sort];
    default:
      return sort satisfies never;
  }
}

/** Order of two runs; one without the sorted number comes last either way. */
function compareRuns(a: QueriedRun, b: QueriedRun, query: RunsQuery): number {
  const { groupBy, sortField, sort, descending } = query;
  const grouped = groupBy === null ? 0 : compareGroups(a, b, groupBy);
  if (grouped !== 0) return grouped;
  const direction = descending ? -1 : 1;
  const order =
    sortField === null
      ? compareKeys(sortKey(a.summary, sort), sortKey(b.summary, sort), descending)
      : compareFields(a, b, sortField, descending);
  return order || (a.summary.id < b.summary.id ? -direction : direction);
}

/** The page of a query out of all runs. */
export function pageOf(all: readonly QueriedRun[], query: RunsQuery): RunsPage {
  const { columns, groupBy, offset, limit } = query;
  const matches = all.filter((run) => matchesQuery(run, query)).sort((a, b) => compareRuns(a, b, query));
  const page = matches.slice(offset, offset + limit);
  return structuredClone({
    runs: page.map((run) => run.summary),
    total: matches.length,
    ...(columns.length > 0 && {
      columns: page.map((run) => columns.map((field) => valueOfField(run.summary, run.experiment, field))),
    }),
    ...(groupBy !== null && { groups: listGroups(matches, groupBy, query.groupMeans) }),
  });
}

function listGroups(
  matches: readonly QueriedRun[],
  field: string,
  means: readonly string[],
): NonNullable<RunsPage['groups']> {
  const groups = new Map<RunFieldValue, QueriedRun[]>();
  for (const run of matches) {
    const value = valueOfField(run.summary, run.experiment, field);
    groups.set(value, [...(groups.get(value) ?? []), run]);
  }
  return [...groups].map(([value, runs]) => ({
    value,
    count: runs.length,
    ...(means.length > 0 && { means: means.map((one) => meanOf(runs, one)) }),
  }));
}

function meanOf(runs: readonly QueriedRun[], field: string): NonNullable<ListedGroup['means']>[number] {
  const values = runs
    .map((run) => valueOfField(run.summary, run.experiment, field))
    .filter((value) => typeof value === 'number');
  const count = values.length;
  if (count === 0) return { count, mean: null, standardDeviation: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, standardDeviation: count < 2 ? null : Math.sqrt(squares / (count - 1)) };
}

/** Is `a` the better run: by dev accuracy, then dev loss, then training loss, then the newer? */
export function isBetterRun(a: RunSummary, b: RunSummary): boolean {
  const keys = (run: RunSummary): readonly [number, number, number] => [
    -(run.headline.devAccuracy ?? -Infinity),
    run.headline.devLoss ?? Infinity,
    run.headline.trainLoss ?? Infinity,
  ];
  const [x, y] = [keys(a), keys(b)];
  const index = x.findIndex((value, i) => value !== y[i]);
  return index === -1 ? a.id > b.id : x[index]! < y[index]!;
}
