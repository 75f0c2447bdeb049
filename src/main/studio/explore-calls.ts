import { join } from 'node:path';
import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import type {
  DatasetStatistics,
  Duplicates,
  ExploredColumns,
  Projection,
} from '../../shared/schema/explore.ts';
import { exploreColumns, exploreDataset, NotesFiles } from '../data/index.ts';
import type { Host } from '../host/host.ts';
import type { DatasetShelf } from './dataset-shelf.ts';
import { ExplorerPool } from './explorer-pool.ts';
import { RecentAnswers } from './recent-answers.ts';
import type { TaskBoard } from './task-board.ts';

/** The calls of the dataset explorer. */
export type ExploreCalls = Pick<
  StudioHandlers,
  | 'explore.columns'
  | 'explore.statistics'
  | 'explore.projection'
  | 'explore.duplicates'
  | 'explore.notes'
  | 'explore.annotate'
  | 'tasks.cancel'
>;

export interface ExploreSurroundings {
  readonly dataDirectory: string;
  readonly datasetDirectory: string;
  /** Starts the processes that compute. */
  readonly host: Host;
  readonly shelf: DatasetShelf;
  readonly tasks: TaskBoard;
}

/** The calls, and the end of what they started. */
export interface ExploreService {
  readonly calls: ExploreCalls;
  /** Ends the processes; calls without an answer reject with `cancelled`. */
  close(): void;
}

const silent = (): void => undefined;

/** What takes long, computed in processes of their own; what was asked last is kept. */
function computedCalls(
  { datasetDirectory, tasks, shelf }: ExploreSurroundings,
  pool: ExplorerPool,
  closing: AbortSignal,
): Pick<ExploreCalls, 'explore.statistics' | 'explore.projection' | 'explore.duplicates'> {
  const statistics = new RecentAnswers<DatasetStatistics>();
  const projections = new RecentAnswers<Projection>();
  const duplicates = new RecentAnswers<Duplicates>();
  shelf.onClear(() => [statistics, projections, duplicates].forEach((answers) => answers.clear()));
  return {
    'explore.statistics': (params) =>
      statistics.get(JSON.stringify(params), () => {
        const watch = { onProgress: silent, signal: closing };
        return pool.call('statistics', { ...params, datasetDirectory }, watch);
      }),
    'explore.projection': ({ task, ...params }) =>
      projections.get(JSON.stringify(params), () =>
        tasks.run(task, ({ signal, progress }) => {
          const watch = { onProgress: progress, signal };
          return pool.call('projection', { ...params, datasetDirectory }, watch);
        }),
      ),
    'explore.duplicates': ({ task, ...params }) =>
      duplicates.get(JSON.stringify(params), () =>
        tasks.run(task, ({ signal, progress }) => {
          const watch = { onProgress: progress, signal };
          return pool.call('duplicates', { ...params, datasetDirectory }, watch);
        }),
      ),
  };
}

/** What the first screen needs, from the copy in this process. */
function columnCalls({ shelf }: ExploreSurroundings): Pick<ExploreCalls, 'explore.columns'> {
  const columns = new RecentAnswers<ExploredColumns>();
  shelf.onClear(() => columns.clear());
  return {
    'explore.columns': (params) => {
      // Loaded even where the answer is known: who asks for columns asks for pages next.
      const loading = shelf.get(params.data);
      loading.catch(() => undefined);
      return columns.get(JSON.stringify(params), async () =>
        exploreColumns(exploreDataset(await loading, params)),
      );
    },
  };
}

/** Composes the calls of the dataset explorer, and `tasks.cancel` of every long task. */
export function createExploreService(surroundings: ExploreSurroundings): ExploreService {
  const { dataDirectory, datasetDirectory, host, shelf, tasks } = surroundings;
  const pool = new ExplorerPool(host);
  const notes = new NotesFiles({ datasetDirectory, noteDirectory: join(dataDirectory, 'notes') });
  const closing = new AbortController();
  shelf.onClear(() => pool.forgetDatasets());
  const calls: ExploreCalls = {
    ...columnCalls(surroundings),
    ...computedCalls(surroundings, pool, closing.signal),
    'explore.notes': ({ dataset }) => notes.get(dataset),
    'explore.annotate': ({ dataset, part, row, note }) => notes.set(dataset, { part, row }, note),
    'tasks.cancel': ({ task }) => {
      tasks.cancel(task);
      return {};
    },
  };
  return {
    calls,
    close: () => {
      closing.abort();
      tasks.cancelAll();
      pool.close();
    },
  };
}
