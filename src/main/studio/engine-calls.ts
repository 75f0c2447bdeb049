import type { StudioHandlers } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { InstallProgress } from '../../shared/schema/engine.ts';
import type { EngineLibrary } from './engine-library.ts';
import type { Publish } from './surroundings.ts';

/** The calls about TensorFlow's library. */
export type EngineCalls = Pick<
  StudioHandlers,
  'engine.status' | 'engine.startInstall' | 'engine.cancelInstall' | 'engine.importPack'
>;

/** One install at a time, with its progress to every door. */
export class EngineInstaller {
  readonly #library: EngineLibrary;
  readonly #publish: Publish;
  #running: AbortController | null = null;

  constructor(library: EngineLibrary, publish: Publish) {
    this.#library = library;
    this.#publish = publish;
  }

  calls(): EngineCalls {
    return {
      'engine.status': () => this.#library.status(),
      'engine.startInstall': () => {
        this.#start();
        return {};
      },
      'engine.cancelInstall': () => {
        this.cancel();
        return {};
      },
      'engine.importPack': async ({ path }) => {
        this.#refuseWhileRunning();
        await this.#library.importPack(path, this.#onProgress);
        return this.#announceStatus();
      },
    };
  }

  /** Gives up an install that runs. */
  cancel(): void {
    this.#running?.abort();
  }

  readonly #onProgress = (progress: InstallProgress): void => this.#publish('engine.install', progress);

  #start(): void {
    this.#refuseWhileRunning();
    const controller = new AbortController();
    this.#running = controller;
    this.#library
      .install(this.#onProgress, controller.signal)
      .then(() => this.#announceStatus())
      // How it ended was the last progress.
      .catch(() => undefined)
      .finally(() => (this.#running = null));
  }

  #refuseWhileRunning(): void {
    if (this.#running === null) return;
    throw new StudioError('conflict', 'Engine: an install is under way; wait for it or cancel it.');
  }

  async #announceStatus(): Promise<Awaited<ReturnType<EngineLibrary['status']>>> {
    const status = await this.#library.status();
    this.#publish('engine.changed', status);
    return status;
  }
}
