import type { StudioInfo } from '../../shared/ipc/contract.ts';
import { cacheDirectory, currentSurroundings, dataDirectory } from './paths.ts';

/**
 * The options of the studio program, which it takes as environment variables.
 * @param home folder of the history; null for the user's own
 */
export function studioEnvironment(
  door: StudioInfo['door'],
  home: string | null = null,
): Record<string, string> {
  const environment = home === null ? process.env : { ...process.env, EPOCH_STUDIO_HOME: home };
  return {
    EPOCH_STUDIO_HOME: dataDirectory({ ...currentSurroundings(), environment }),
    EPOCH_STUDIO_CACHE: cacheDirectory(),
    EPOCH_STUDIO_DOOR: door,
    // Datasets are fetched through the proxy that the user's environment names.
    NODE_USE_ENV_PROXY: '1',
  };
}
