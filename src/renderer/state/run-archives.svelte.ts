import type { StudioClient } from '../../shared/ipc/contract.ts';
import { uploadFiles } from './dataset-upload.ts';
import { saveFile } from './save-file.ts';

/** What came in with an archive. */
export interface ImportedRuns {
  readonly taken: number;
  /** Already in the history. */
  readonly skipped: number;
}

/** Carries runs out of the history as one archive, and into it. */
export class RunArchives {
  /** What is being done; null when nothing is. */
  busy = $state<'export' | 'import' | null>(null);
  /** Share of an archive handed over, 0 to 1; null while that is not known. */
  share = $state<number | null>(null);
  readonly #client: StudioClient;
  readonly #save: typeof saveFile;

  constructor(client: StudioClient, save: typeof saveFile = saveFile) {
    this.#client = client;
    this.#save = save;
  }

  /** Saves runs with their best and last checkpoints. Rejects as the call does. */
  export(runIds: readonly string[]): Promise<void> {
    return this.#while('export', async () => {
      const { file } = await this.#client.invoke('runs.exportArchive', { runIds: [...runIds] });
      if (file !== null) this.#save(file);
    });
  }

  /** Takes an archive's runs into the history. Rejects as the calls do. */
  import(file: File): Promise<ImportedRuns> {
    return this.#while('import', async () => {
      const [path = ''] = await uploadFiles(this.#client, [{ path: file.name, file }], {
        signal: new AbortController().signal,
        onProgress: ({ doneBytes, totalBytes }) => (this.share = doneBytes / Math.max(1, totalBytes)),
      });
      const { runIds, skipped } = await this.#client.invoke('runs.importArchive', { path });
      return { taken: runIds.length, skipped: skipped.length };
    });
  }

  async #while<T>(what: 'export' | 'import', work: () => Promise<T>): Promise<T> {
    this.busy = what;
    this.share = null;
    try {
      return await work();
    } finally {
      this.busy = null;
    }
  }
}

/** What an import did, in words. */
export function importText({ taken, skipped }: ImportedRuns): string {
  const runs = (count: number) => `${count} ${count === 1 ? 'run' : 'runs'}`;
  if (taken === 0)
    return skipped === 0 ? 'The archive holds no runs' : `All ${runs(skipped)} were here already`;
  return skipped === 0 ? `${runs(taken)} imported` : `${runs(taken)} imported, ${skipped} were here already`;
}
