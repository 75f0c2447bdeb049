import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { ImportFiles, ImportPhase } from '../import/import-dataset.ts';
import { readManifest } from '../library/read-manifest.ts';
import type { OfficialDataset } from '../official/official-dataset.ts';
import { downloadFile } from './download-file.ts';

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Bytes of all files on this machine so far, and of all files. */
  readonly onBytes: (doneBytes: number, totalBytes: number) => void;
  readonly onPhase: (phase: ImportPhase) => void;
  /** Stores the fetched files. */
  readonly importFiles: ImportFiles;
}

/** Where a dataset's files are fetched to; what is there after a break is used again. */
export function downloadFolder(datasetDirectory: string, { storedAs }: OfficialDataset): string {
  return join(datasetDirectory, '.downloads', storedAs);
}

/** @throws StudioError `unsupported` where there is no free address, `conflict` where it is here already */
export function checkFetchable(official: OfficialDataset, datasetDirectory: string): void {
  if (official.files.length === 0) {
    throw new StudioError(
      'unsupported',
      `datasets: ${official.name} has no free address. ${official.importHint}`,
      { dataset: official.id },
    );
  }
  if (readManifest(datasetDirectory, official.storedAs) === null) return;
  throw new StudioError(
    'conflict',
    `datasets: ${official.name} is on this machine already; remove "${official.storedAs}" first to fetch it anew`,
    { dataset: official.id },
  );
}

/**
 * Fetches a dataset of the catalogue from its official address and stores it. Cancelled or broken off, what has come is
 * kept for the next time; stored, the fetched files are removed.
 * @throws StudioError `cancelled`, `unsupported`, `conflict`, `not-found`, `data-damaged`, `disk-full`
 */
export async function fetchDataset(
  official: OfficialDataset,
  datasetDirectory: string,
  options: FetchOptions,
): Promise<void> {
  checkFetchable(official, datasetDirectory);
  const folder = downloadFolder(datasetDirectory, official);
  const totalBytes = official.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const paths: string[] = [];
  let before = 0;
  for (const file of official.files) {
    const path = join(folder, file.name);
    await downloadFile(path, file, {
      signal: options.signal,
      onBytes: (bytes) => options.onBytes(before + bytes, totalBytes),
    });
    before += file.sizeBytes;
    paths.push(path);
  }
  await importFetched(official, paths, options);
  await rm(folder, { recursive: true, force: true });
}

/** Files without a known sha256 are judged by their content; what is wrong must not be taken for fetched again. */
async function importFetched(
  official: OfficialDataset,
  paths: string[],
  { onPhase, importFiles }: FetchOptions,
): Promise<void> {
  try {
    await importFiles({ paths, columnTypes: {} }, { onPhase, expectedId: official.storedAs });
  } catch (error) {
    if (error instanceof StudioError && error.code === 'data-damaged') {
      await Promise.all(paths.map((path) => rm(path, { force: true })));
    }
    throw error;
  }
}
