import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { datasetId } from '../../../shared/schema/dataset.ts';
import { datasetManifest, type DatasetManifest } from './manifest.ts';

const MANIFEST = 'manifest.json';

/** Name of the manifest in a dataset's folder. */
export const manifestName = MANIFEST;

function damagedManifest(path: string, found: string, cause?: unknown): StudioError {
  return new StudioError(
    'data-damaged',
    `datasets: ${path} ${found}; remove the dataset and fetch or import it again`,
    { file: path },
    { cause },
  );
}

/** The manifest's content, whatever it is; undefined where there is none. */
function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw damagedManifest(path, 'cannot be read', cause);
  }
}

/**
 * The manifest of a stored dataset, or null where there is none of this id.
 * @throws StudioError `data-damaged` where it is not what a manifest must be, `unsupported` for one of a newer studio
 */
export function readManifest(datasetDirectory: string, id: string): DatasetManifest | null {
  const path = join(datasetDirectory, id, MANIFEST);
  const json = readJson(path);
  if (json === undefined) return null;
  const { version } = (json ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version > datasetManifest.shape.version.value) {
    throw new StudioError(
      'unsupported',
      `datasets: ${path} was written by a newer studio (version ${version}); use that one, or import the dataset again`,
      { file: path, version },
    );
  }
  const parsed = datasetManifest.safeParse(json);
  if (!parsed.success) throw damagedManifest(path, 'does not describe a dataset', parsed.error);
  if (parsed.data.id !== id) throw damagedManifest(path, `names the dataset ${parsed.data.id}`);
  return parsed.data;
}

/** Ids of the stored datasets, sorted; a folder without a manifest or with another kind of name is none. */
export function listStoredIds(datasetDirectory: string): string[] {
  if (!existsSync(datasetDirectory)) return [];
  return readdirSync(datasetDirectory)
    .filter((name) => datasetId.safeParse(name).success)
    .filter((name) => existsSync(join(datasetDirectory, name, MANIFEST)))
    .sort();
}
