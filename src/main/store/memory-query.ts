import type { RunsQuery, RunSummary } from '../../shared/schema/run.ts';
import { searchTextOf, searchTokens } from './search-text.ts';

/** Does a run belong to a page of the history, whichever page? */
export function matchesQuery(run: RunSummary, query: RunsQuery): boolean {
  if ((run.deletedAt !== null) !== query.deleted) return false;
  if (query.states.length > 0 && !query.states.includes(run.state)) return false;
  if (query.tag !== null && !run.tags.includes(query.tag)) return false;
  const text = searchTextOf(run);
  return searchTokens(query.text).every((token) => text.includes(token));
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
export function compareRuns(a: RunSummary, b: RunSummary, query: RunsQuery): number {
  const [x, y] = [sortKey(a, query.sort), sortKey(b, query.sort)];
  const direction = query.descending ? -1 : 1;
  if (x === null || y === null) {
    if (x !== y) return x === null ? 1 : -1;
  } else if (x !== y) {
    return x < y ? -direction : direction;
  }
  return a.id < b.id ? -direction : direction;
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
