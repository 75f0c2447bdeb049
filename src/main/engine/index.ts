import path from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { EngineOptions } from '../../shared/schema/engine.ts';
import type { Engine, Workload } from './engine.ts';
import { checkLibrary } from './library/check.ts';
import { libraryDirectory } from './library/layout.ts';
import { pinnedWheel, TENSORFLOW_VERSION } from './library/pinned.ts';
import { openFallbackEngine } from './portable/fallback-engine.ts';

/** An engine, and why it is this one; the reason is for the log. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly reason: string;
}

async function openTensorFlow(
  options: EngineOptions,
  cacheDirectory: string,
  workload: Workload | null,
): Promise<OpenedEngine> {
  const directory = libraryDirectory(cacheDirectory);
  const library = await checkLibrary(directory, TENSORFLOW_VERSION);
  if (!library) {
    throw new StudioError(
      pinnedWheel() ? 'library-missing' : 'unsupported',
      `TensorFlow engine: found no library in ${directory}, expected TensorFlow ${TENSORFLOW_VERSION}; install ` +
        'it on the settings page, or choose the engine "wasm".',
      { directory },
    );
  }
  // Imported only now: a fallback engine must work where the binding's own library cannot be loaded.
  const { openNativeEngine } = await import('./native/native-engine.ts');
  return {
    engine: openNativeEngine(
      { directory, version: TENSORFLOW_VERSION, programDirectory: path.join(cacheDirectory, 'programs') },
      options,
      workload,
    ),
    reason: `TensorFlow library in ${directory}`,
  };
}

async function openFallback(why: string): Promise<OpenedEngine> {
  try {
    return { engine: await openFallbackEngine('wasm'), reason: why };
  } catch (error) {
    const engine = await openFallbackEngine('cpu');
    return { engine, reason: `${why}; WebAssembly could not start: ${(error as Error).message}` };
  }
}

/** Codes of a library that is not there or cannot be used: `auto` then takes a fallback. */
const FALLBACK_CODES: readonly string[] = ['library-missing', 'library-damaged', 'unsupported'];

/**
 * Opens the engine that `options` ask for; `auto` takes TensorFlow where its library is whole, else tfjs's wasm
 * backend, else its JavaScript one. Opens no connection. One engine may be alive in a process.
 * @param workload what it will train, by which it shares out its threads; null where that is not known
 * @throws StudioError when an engine named outright cannot be had
 */
export async function openEngine(
  options: EngineOptions,
  cacheDirectory: string,
  workload: Workload | null = null,
): Promise<OpenedEngine> {
  if (options.choice === 'wasm' || options.choice === 'cpu') {
    return { engine: await openFallbackEngine(options.choice), reason: 'asked for' };
  }
  try {
    return await openTensorFlow(options, cacheDirectory, workload);
  } catch (error) {
    const usable = error instanceof StudioError && FALLBACK_CODES.includes(error.code);
    if (options.choice === 'tensorflow' || options.device === 'cuda' || !usable) throw error;
    return openFallback(error.message);
  }
}
