import type { StudioClient } from '../../shared/ipc/contract.ts';
import { uploadFiles } from './dataset-upload.ts';
import { saveFile } from './save-file.ts';

/** What came in with an archive. */
export interface Imported {
  readonly runs: number;
  readonly studies: number;
  /** Already in the history. */
  readonly skipped: number;
}

/** Carries runs and studies out of the history as one archive, and into it. */
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
    return this.#export({ runIds: [...runIds] });
  }

  /** Saves a study with all its trials, and the runs that opened its test part. Rejects as the call does. */
  exportStudy(studyId: string): Promise<void> {
    return this.#export({ studyIds: [studyId] });
  }

  #export(what: { runIds: string[] } | { studyIds: string[] }): Promise<void> {
    return this.#while('export', async () => {
      const { file } = await this.#client.invoke('runs.exportArchive', what);
      if (file !== null) this.#save(file);
    });
  }

  /** Takes what an archive holds into the history. Rejects as the calls do. */
  import(file: File): Promise<Imported> {
    return this.#while('import', async () => {
      const [path = ''] = await uploadFiles(this.#client, [{ path: file.name, file }], {
        signal: new AbortController().signal,
        onProgress: ({ doneBytes, totalBytes }) => (this.share = doneBytes / Math.max(1, totalBytes)),
      });
      const { runIds, studyIds, skipped } = await this.#client.invoke('runs.importArchive', { path });
      return { runs: runIds.length, studies: studyIds.length, skipped: skipped.length };
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

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

/** What an import did, in words. */
export function importText({ runs, studies, skipped }: Imported): string {
  const taken = [...counted(studies, 'study', 'studies'), ...counted(runs, 'run', 'runs')].join(' and ');
  const known = skipped === 1 ? '1 was here already' : `${skipped} were here already`;
  if (taken === '') return skipped === 0 ? 'The archive is empty' : `Nothing new: ${known}`;
  return skipped === 0 ? `${taken} imported` : `${taken} imported, ${known}`;
}
