import { availableParallelism, cpus, totalmem } from 'node:os';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { EngineStatus } from '../../shared/schema/engine.ts';
import { checkLibrary } from '../engine/library/check.ts';
import { libraryDirectory } from '../engine/library/layout.ts';
import { pinnedWheel, TENSORFLOW_VERSION } from '../engine/library/pinned.ts';
import type { EngineLibrary } from './engine-library.ts';

/** TensorFlow's library in a cache folder. */
export function nativeEngineLibrary(cacheDirectory: string): EngineLibrary {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new StudioError('unsupported', 'Engine: installing is done by "npm start" on this version.'),
    );
  return { status: () => readStatus(cacheDirectory), install: refuse, importPack: refuse };
}

async function readStatus(cacheDirectory: string): Promise<EngineStatus> {
  const library = await readLibrary(libraryDirectory(cacheDirectory));
  const wheel = pinnedWheel();
  return {
    chosen: library.state === 'ready' ? 'tensorflow' : 'wasm',
    library,
    installable: wheel
      ? { package: wheel.package, version: wheel.version, sizeBytes: wheel.sizeBytes, sha256: wheel.sha256 }
      : null,
    devices: [{ name: cpus()[0]?.model ?? 'CPU', kind: 'cpu', memoryBytes: totalmem() }],
    cores: availableParallelism(),
  };
}

async function readLibrary(directory: string): Promise<EngineStatus['library']> {
  const wayOut = 'Install the library on the settings page.';
  try {
    const found = await checkLibrary(directory, TENSORFLOW_VERSION);
    if (found !== null) return { state: 'ready', ...found };
    return { state: 'missing', reason: `There is none in ${directory}.`, wayOut };
  } catch (error) {
    return { state: 'damaged', reason: error instanceof Error ? error.message : String(error), wayOut };
  }
}
