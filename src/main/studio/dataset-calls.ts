import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { CatalogueEntry, DatasetList } from '../../shared/schema/catalogue.ts';
import {
  datasetInfo,
  listDatasets,
  officialDatasets,
  removeDataset,
  type OfficialDataset,
} from '../data/index.ts';
import type { Host } from '../host/host.ts';
import { DatasetImporter } from './dataset-importer.ts';
import { DatasetPages } from './dataset-pages.ts';
import { DatasetShelf } from './dataset-shelf.ts';
import { DatasetTransfers } from './dataset-transfers.ts';
import { DatasetUploads } from './dataset-uploads.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Publish } from './surroundings.ts';

/** The calls about datasets. */
export type DatasetCalls = Pick<
  StudioHandlers,
  | 'datasets.list'
  | 'datasets.fetch'
  | 'datasets.cancelFetch'
  | 'datasets.preview'
  | 'datasets.import'
  | 'datasets.upload'
  | 'datasets.remove'
  | 'datasets.examples'
>;

export interface DatasetSurroundings {
  /** Absolute folder of the stored datasets. */
  readonly datasetDirectory: string;
  /** Starts the processes that read imported files. */
  readonly host: Host;
  readonly publish: Publish;
  readonly notices: NoticeBoard;
  /** What can be fetched; the studio's own catalogue unless a test gives another. */
  readonly catalogue?: readonly OfficialDataset[];
  /** Where loaded datasets are kept; one of its own where nobody else shows them. */
  readonly shelf?: DatasetShelf;
}

/** The calls, and the end of what they started. */
export interface DatasetService {
  readonly calls: DatasetCalls;
  /** Cancels fetches and imports and lets loaded datasets go. */
  close(): void;
}

function noticeId(dataset: string): string {
  return `dataset-${dataset}`;
}

function tellDamaged(notices: NoticeBoard, dataset: string, reason: StudioError): void {
  if (notices.has(noticeId(dataset))) return;
  notices.post({
    id: noticeId(dataset),
    level: 'error',
    title: `Dataset ${dataset} cannot be used`,
    text: reason.message,
    action: null,
  });
}

function toEntry(
  { published: _, storedAs: __, ...entry }: OfficialDataset,
  datasets: DatasetList['datasets'],
) {
  const info = datasets.find(({ id }) => id === entry.id) ?? null;
  return { ...entry, files: [...entry.files], info } satisfies CatalogueEntry;
}

function findEntry(catalogue: readonly OfficialDataset[], id: string): OfficialDataset {
  const found = catalogue.find((entry) => entry.id === id);
  if (found !== undefined) return found;
  throw new StudioError(
    'not-found',
    `datasets: "${id}" cannot be fetched, only ${catalogue.map((entry) => entry.id).join(', ')}; import it from files`,
    { dataset: id },
  );
}

/** @throws StudioError `invalid-input` for a dataset that is not stored under its own id */
function checkRemovable(id: string, catalogue: readonly OfficialDataset[], datasetDirectory: string): void {
  const entry = catalogue.find((candidate) => candidate.id === id);
  if (entry !== undefined && entry.storedAs !== id) {
    throw new StudioError(
      'invalid-input',
      `datasets: ${entry.name} is made from "${entry.storedAs}"; remove that, and both are gone`,
      { dataset: id },
    );
  }
  const own = listDatasets(datasetDirectory).find((info) => info.id === id);
  if (own?.origin !== 'bundled' && own?.origin !== 'generated') return;
  throw new StudioError('invalid-input', `datasets: ${own.name} is part of the studio and stays`, {
    dataset: id,
  });
}

function listAll(
  datasetDirectory: string,
  catalogue: readonly OfficialDataset[],
  notices: NoticeBoard,
): DatasetList {
  const datasets = listDatasets(datasetDirectory, (id, reason) => tellDamaged(notices, id, reason));
  return { datasets, catalogue: catalogue.map((entry) => toEntry(entry, datasets)) };
}

function fetchCalls(
  transfers: DatasetTransfers,
  catalogue: readonly OfficialDataset[],
): Pick<DatasetCalls, 'datasets.fetch' | 'datasets.cancelFetch'> {
  return {
    'datasets.fetch': ({ id }) => {
      transfers.startFetch(findEntry(catalogue, id));
      return {};
    },
    'datasets.cancelFetch': ({ id }) => {
      transfers.cancelFetch(findEntry(catalogue, id));
      return {};
    },
  };
}

/** Composes the calls about datasets over one folder of stored ones. */
export function createDatasetService(surroundings: DatasetSurroundings): DatasetService {
  const { datasetDirectory, host, publish, notices, catalogue = officialDatasets } = surroundings;
  const shelf = surroundings.shelf ?? new DatasetShelf(datasetDirectory);
  const pages = new DatasetPages(shelf);
  const uploads = new DatasetUploads(datasetDirectory);
  const importer = new DatasetImporter(host, datasetDirectory);
  const changed = (): void => {
    shelf.clear();
    publish('datasets.changed', {});
  };
  const transfers = new DatasetTransfers(datasetDirectory, importer.import, publish, changed);
  const calls: DatasetCalls = {
    ...fetchCalls(transfers, catalogue),
    'datasets.list': () => listAll(datasetDirectory, catalogue, notices),
    'datasets.preview': (request) => importer.preview(request),
    'datasets.import': async (request) => {
      const dataset = await transfers.import(request);
      await uploads.remove(request.paths);
      return datasetInfo({ dataset, generator: null, table: null }, datasetDirectory);
    },
    'datasets.upload': ({ name, upload, bytes }) => uploads.add(name, upload, bytes),
    'datasets.remove': async ({ id }) => {
      checkRemovable(id, catalogue, datasetDirectory);
      await removeDataset(datasetDirectory, id);
      notices.dismiss(noticeId(id));
      changed();
      return {};
    },
    'datasets.examples': (request) => pages.get(request),
  };
  return {
    calls,
    close: () => {
      transfers.cancelAll();
      importer.close();
      shelf.clear();
    },
  };
}
