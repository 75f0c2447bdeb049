import type { EngineStatus, InstallProgress } from '../../shared/schema/engine.ts';

/** TensorFlow's library as the studio sees it: what is there, and two ways to get it. */
export interface EngineLibrary {
  /** Never throws for a missing or damaged library; the status says so. */
  status(): Promise<EngineStatus>;
  /** Fetches and unpacks. @throws StudioError, 'cancelled' when `signal` was raised */
  install(onProgress: (progress: InstallProgress) => void, signal: AbortSignal): Promise<void>;
  /** Installs from a file on this machine. @throws StudioError 'library-damaged' for a file that is not the pinned one */
  importPack(path: string): Promise<void>;
}
