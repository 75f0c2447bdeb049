import { importLibraryPack, installLibrary, libraryStatus } from '../engine/library/index.ts';
import type { EngineLibrary } from './engine-library.ts';

/** TensorFlow's library in a cache folder. */
export function nativeEngineLibrary(cacheDirectory: string): EngineLibrary {
  return {
    status: () => libraryStatus(cacheDirectory),
    install: async (onProgress, signal) => {
      await installLibrary({ cacheDirectory, onProgress, signal });
    },
    importPack: async (path, onProgress) => {
      await importLibraryPack(path, { cacheDirectory, onProgress });
    },
  };
}
