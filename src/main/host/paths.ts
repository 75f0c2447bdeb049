import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../../shared/ipc/errors.ts';

const folderName = 'epoch-studio';

/** What a folder's place depends on; given by tests, the process's own otherwise. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** This process's own. */
export function currentSurroundings(): Surroundings {
  return { environment: process.env, platform: process.platform, home: homedir() };
}

/** Folder of the history, settings and the user's own experiments: `$EPOCH_STUDIO_HOME` or the platform's. */
export function dataDirectory(surroundings: Surroundings = currentSurroundings()): string {
  const { environment, platform, home } = surroundings;
  if (environment.EPOCH_STUDIO_HOME) return resolve(environment.EPOCH_STUDIO_HOME);
  if (platform === 'win32') {
    return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), folderName);
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', folderName);
  return join(environment.XDG_DATA_HOME ?? join(home, '.local', 'share'), folderName);
}

/** Folder of the datasets that were fetched or imported, below the data folder. */
export function datasetDirectory(data: string = dataDirectory()): string {
  return join(data, 'datasets');
}

/** Folder of what can be fetched or made again: `$EPOCH_STUDIO_CACHE` or the platform's. */
export function cacheDirectory(surroundings: Surroundings = currentSurroundings()): string {
  const { environment, platform, home } = surroundings;
  if (environment.EPOCH_STUDIO_CACHE) return resolve(environment.EPOCH_STUDIO_CACHE);
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), folderName, 'Cache');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Caches', folderName);
  return join(environment.XDG_CACHE_HOME ?? join(home, '.cache'), folderName);
}

/**
 * The folder with the program's package.json: the checkout, or the packaged app. Works from source and from any
 * built chunk, because it looks upwards.
 * @throws StudioError `not-found` when no parent folder is ours
 */
export function projectRoot(from: string = ownDirectory()): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (isOurs(join(directory, 'package.json'))) return directory;
    if (dirname(directory) === directory) {
      throw new StudioError(
        'not-found',
        `paths: found no package.json of ${folderName} in ${from} or above, expected the program's own; install it again`,
      );
    }
  }
}

function isOurs(packageFile: string): boolean {
  if (!existsSync(packageFile)) return false;
  const content: unknown = JSON.parse(readFileSync(packageFile, 'utf8'));
  return (content as { name?: unknown }).name === folderName;
}

function ownDirectory(): string {
  return dirname(fileURLToPath(import.meta.url));
}
