import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { MANIFEST, libraryManifest, type LibraryManifest } from './layout.ts';

const WAY_OUT =
  'install the library again on the settings page (or by "npm start"), or choose another engine';

/** An installed library found whole. */
export interface CheckedLibrary {
  readonly directory: string;
  readonly version: string;
  readonly sizeBytes: number;
}

function damaged(directory: string, found: string, expected: string): StudioError {
  return new StudioError(
    'library-damaged',
    `TensorFlow library in ${directory}: found ${found}, expected ${expected}; ${WAY_OUT}.`,
    { directory, found, expected },
  );
}

async function readManifest(directory: string): Promise<LibraryManifest | null> {
  let text: string;
  try {
    text = await readFile(path.join(directory, MANIFEST), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = libraryManifest.safeParse(parseJson(text));
  if (!parsed.success)
    throw damaged(directory, `a ${MANIFEST} that cannot be read`, 'one written by an install');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Checks an installed library cheaply: manifest, version, presence and size of each file.
 * @returns null when none is installed
 * @throws StudioError `library-damaged` naming what was found and expected
 */
export async function checkLibrary(directory: string, version: string): Promise<CheckedLibrary | null> {
  const manifest = await readManifest(directory);
  if (!manifest) return null;
  if (manifest.version !== version)
    throw damaged(directory, `version ${manifest.version}`, `version ${version}`);
  let sizeBytes = 0;
  for (const file of manifest.files) {
    sizeBytes += await checkFile(directory, file.name, file.sizeBytes);
  }
  return { directory, version, sizeBytes };
}

async function checkFile(directory: string, name: string, expectedBytes: number): Promise<number> {
  const found = await stat(path.join(directory, name)).catch(() => null);
  if (!found?.isFile()) throw damaged(directory, `no file ${name}`, `${name} of ${expectedBytes} bytes`);
  if (found.size !== expectedBytes) {
    throw damaged(directory, `${name} of ${found.size} bytes`, `${expectedBytes} bytes`);
  }
  return found.size;
}

/** Compares the version that the loaded library tells with the one expected. */
export function checkLoadedVersion(directory: string, loaded: string, expected: string): void {
  if (loaded !== expected) throw damaged(directory, `TensorFlow ${loaded}`, `TensorFlow ${expected}`);
}
