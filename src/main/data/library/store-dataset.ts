import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { DatasetId } from '../../../shared/schema/dataset.ts';
import { syncFolder, writeFileAtomically } from '../atomic-file.ts';
import type { DatasetContent } from './dataset-content.ts';
import { datasetManifest, type DatasetManifest } from './manifest.ts';
import { manifestName, readManifest } from './read-manifest.ts';
import { storeExamples } from './store-examples.ts';
import { storeTable } from './store-table.ts';

/** A dataset that is to be stored under its id. */
export interface NewDataset {
  readonly id: DatasetId;
  readonly name: string;
  readonly licence: string;
  readonly origin: DatasetManifest['origin'];
  readonly content: DatasetContent;
}

/** Begins the names of folders that are being written; no dataset's id begins with a dot. */
export const unfinishedPrefix = '.new-';

function taken(datasetDirectory: string, id: DatasetId): StudioError {
  const path = join(datasetDirectory, id);
  return new StudioError(
    'conflict',
    `datasets: there is a dataset "${id}" in ${path} already; remove it first ("datasets remove ${id}"), or choose another name`,
    { dataset: id, path },
  );
}

async function writeAll(folder: string, dataset: NewDataset): Promise<DatasetManifest> {
  const { id, name, licence, origin, content } = dataset;
  const manifest = datasetManifest.parse({
    version: 1,
    id,
    name,
    licence,
    origin,
    storedAt: new Date().toISOString(),
    content:
      content.kind === 'table' ? await storeTable(folder, content) : await storeExamples(folder, content),
  });
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFileAtomically(join(folder, manifestName), Buffer.from(text));
  return manifest;
}

let unfinishedCount = 0;

/**
 * Stores a dataset whole or not at all: into a folder of a temporary name, every file flushed to the disk, then renamed;
 * after it resolves a power cut or `kill -9` leaves the whole dataset, before that none.
 * @throws StudioError `conflict` where the id is taken, `disk-full` with nothing left behind
 */
export async function storeDataset(datasetDirectory: string, dataset: NewDataset): Promise<DatasetManifest> {
  const target = join(datasetDirectory, dataset.id);
  if (readManifest(datasetDirectory, dataset.id) !== null) throw taken(datasetDirectory, dataset.id);
  const folder = join(
    datasetDirectory,
    `${unfinishedPrefix}${dataset.id}-${process.pid}-${++unfinishedCount}`,
  );
  try {
    await mkdir(folder, { recursive: true });
    const manifest = await writeAll(folder, dataset);
    await moveIntoPlace(folder, target, dataset.id);
    await syncFolder(datasetDirectory);
    return manifest;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A folder cannot be renamed over one that holds files, so two writers cannot both win. */
async function moveIntoPlace(folder: string, target: string, id: DatasetId): Promise<void> {
  try {
    await rename(folder, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') throw taken(join(target, '..'), id);
    throw error;
  }
}

/**
 * Removes a stored dataset, damaged or whole. It is renamed first, so that nobody sees half of it.
 * @throws StudioError `not-found` where there is none
 */
export async function removeDataset(datasetDirectory: string, id: DatasetId): Promise<void> {
  const folder = join(datasetDirectory, `${unfinishedPrefix}removed-${process.pid}-${++unfinishedCount}`);
  try {
    await rename(join(datasetDirectory, id), folder);
  } catch (cause) {
    throw new StudioError(
      'not-found',
      `datasets: there is no dataset "${id}" to remove; "datasets" lists those there are`,
      { dataset: id },
      { cause },
    );
  }
  await rm(folder, { recursive: true, force: true });
}
