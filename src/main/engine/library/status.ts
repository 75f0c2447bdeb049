import os from 'node:os';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { DeviceInfo, EngineStatus } from '../../../shared/schema/engine.ts';
import { checkLibrary } from './check.ts';
import { libraryDirectory } from './layout.ts';
import { currentPlatform, pinnedWheel, TENSORFLOW_VERSION } from './pinned.ts';

type LibraryState = EngineStatus['library'];

async function findLibrary(cacheDirectory: string): Promise<LibraryState> {
  const directory = libraryDirectory(cacheDirectory);
  try {
    const library = await checkLibrary(directory, TENSORFLOW_VERSION);
    return library ? { state: 'ready', ...library } : missing(directory);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { state: 'damaged', reason: error.message, wayOut: 'Install the library again.' };
  }
}

function missing(directory: string): LibraryState {
  if (pinnedWheel()) {
    return {
      state: 'missing',
      reason: `No TensorFlow library in ${directory}`,
      wayOut: 'Install it here (needs pip and a network), or drop a library pack.',
    };
  }
  return {
    state: 'unsupported',
    reason: `No TensorFlow library is pinned for ${currentPlatform()}`,
    wayOut: 'The WebAssembly engine runs everywhere; for speed use Linux or an Apple computer.',
  };
}

function cpuDevice(): DeviceInfo {
  const model = os.cpus()[0]?.model.trim() ?? '';
  const cores = os.availableParallelism();
  return {
    name: `${model === '' ? os.arch() : model}, ${cores} cores`,
    kind: 'cpu',
    memoryBytes: os.totalmem(),
  };
}

/**
 * What is installed and what could be. Cheap: looks at files only, loads and fetches nothing. CUDA devices are known
 * to the trainer alone, which loads the library.
 */
export async function libraryStatus(cacheDirectory: string): Promise<EngineStatus> {
  const library = await findLibrary(cacheDirectory);
  const wheel = pinnedWheel();
  return {
    chosen: library.state === 'ready' ? 'tensorflow' : 'wasm',
    library,
    installable: wheel && {
      package: wheel.package,
      version: wheel.version,
      sizeBytes: wheel.sizeBytes,
      sha256: wheel.sha256,
    },
    devices: [cpuDevice()],
    cores: os.availableParallelism(),
  };
}
