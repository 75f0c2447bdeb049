import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What `npm test` leaves behind: reports and screenshots. */
export const RESULTS = join(ROOT, 'test-results');

/** The built programs, see electron.vite.config.ts. */
export const CLI_PROGRAM = join(ROOT, 'out', 'main', 'cli.cjs');

/**
 * Per-user folder for what can be fetched again: `$EPOCH_STUDIO_CACHE`, else the platform's cache folder.
 * The same rule as the program's own (src/main/host/paths.ts).
 */
export function cacheDirectory() {
  const chosen = process.env.EPOCH_STUDIO_CACHE;
  return chosen ? resolve(chosen) : platformCache();
}

function platformCache() {
  const name = 'epoch-studio';
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), name, 'Cache');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', name);
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), name);
}
