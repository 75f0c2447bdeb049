import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unfinishedPrefix } from './store-dataset.ts';

/** Nothing takes that long to write, read or choose; another studio may be at work on younger ones. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1_000;

async function ageOf(path: string, now: number): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => now - mtimeMs,
    () => 0,
  );
}

/** Below the dataset folder: where uploaded files wait to be imported. */
export function uploadFolder(datasetDirectory: string): string {
  return join(datasetDirectory, '.uploads');
}

async function listFolder(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Removes what interrupted imports and forgotten uploads left behind more than a day ago. */
export async function removeLeftovers(datasetDirectory: string, now = Date.now()): Promise<void> {
  const uploads = uploadFolder(datasetDirectory);
  const unfinished = (await listFolder(datasetDirectory)).filter((name) => name.startsWith(unfinishedPrefix));
  const candidates = [
    ...unfinished.map((name) => join(datasetDirectory, name)),
    ...(await listFolder(uploads)).map((name) => join(uploads, name)),
  ];
  for (const path of candidates) {
    if ((await ageOf(path, now)) > FORGOTTEN_MS) await rm(path, { recursive: true, force: true });
  }
}
