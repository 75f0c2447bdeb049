import type { EngineStatus, InstallProgress } from '../../shared/schema/engine.ts';

/** TensorFlow's library as the studio sees it: what is there, and two ways to get it. */
export interface EngineLibrary {
  /** Never throws for a missing or damaged library; the status says so. */
  status(): Promise<EngineStatus>;
  /** Fetches and unpacks; the last progress says how it ended. @throws StudioError, 'cancelled' by `signal` */
  install(onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  /** Installs from a file on this machine. @throws StudioError 'library-damaged' for one that is not the pinned */
  importPack(path: string, onProgress: OnProgress): Promise<void>;
}

type OnProgress = (progress: InstallProgress) => void;
