import { createClient } from '../../shared/ipc/client.ts';
import type { Client } from '../../shared/ipc/derive.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import { connectOverPort } from '../../shared/ipc/port.ts';
import type { ImportPreview, ImportRequest } from '../../shared/schema/catalogue.ts';
import { importerContract, type ImporterContract } from '../data/import/importer-contract.ts';
import type { ImportFiles } from '../data/index.ts';
import type { Host, HostedProcess } from '../host/host.ts';
import { portOf } from '../host/process-port.ts';

function importerLost(cause: StudioError): StudioError {
  return new StudioError(
    'process-lost',
    'datasets: the process that read the files ended unexpectedly, perhaps for lack of memory; nothing was stored, try with smaller files',
    {},
    { cause },
  );
}

/**
 * Reads and stores files in a process of their own, one per request: reading large files would hold up the studio for
 * seconds, and no file can take the studio down.
 */
export class DatasetImporter {
  readonly #host: Host;
  readonly #datasetDirectory: string;
  readonly #running = new Set<HostedProcess>();

  constructor(host: Host, datasetDirectory: string) {
    this.#host = host;
    this.#datasetDirectory = datasetDirectory;
  }

  /** @throws StudioError as `previewImport`; `process-lost` */
  preview(request: ImportRequest): Promise<ImportPreview> {
    return this.#withProcess((client) => client.invoke('preview', request));
  }

  /** @throws StudioError as `importDataset`; `process-lost` */
  readonly import: ImportFiles = (request, { onPhase, expectedId = null }) =>
    this.#withProcess((client) => {
      client.subscribe('phase', ({ phase }) => onPhase?.(phase));
      return client.invoke('import', { request, datasetDirectory: this.#datasetDirectory, expectedId });
    });

  /** Ends all at once, because the studio ends. */
  close(): void {
    for (const process of this.#running) process.kill();
  }

  async #withProcess<R>(work: (client: Client<ImporterContract>) => Promise<R>): Promise<R> {
    const process = this.#host.launch('importer', {});
    this.#running.add(process);
    try {
      return await work(createClient(importerContract, connectOverPort(portOf(process))));
    } catch (error) {
      if (error instanceof StudioError && error.code === 'process-lost') throw importerLost(error);
      throw error;
    } finally {
      this.#running.delete(process);
      process.end();
    }
  }
}
