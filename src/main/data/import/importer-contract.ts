import { z } from 'zod';
import { invoke, notify, type Handlers } from '../../../shared/ipc/derive.ts';
import { importPreview, importRequest } from '../../../shared/schema/catalogue.ts';
import { datasetId } from '../../../shared/schema/dataset.ts';
import { importDataset, previewImport } from './import-dataset.ts';

const phase = z.enum(['read', 'store']);

/** What an importer process does for the studio: all that reads whole files, which may be large or hostile. */
export const importerContract = {
  preview: invoke(importRequest, importPreview),
  import: invoke(
    z.strictObject({
      request: importRequest,
      datasetDirectory: z.string(),
      /** The dataset of the catalogue that the files must hold; null for any. */
      expectedId: datasetId.nullable(),
    }),
    z.strictObject({ id: datasetId }),
  ),
  /** What the import under way is doing. */
  phase: notify(z.strictObject({ phase })),
} as const;

export type ImporterContract = typeof importerContract;

/** Answers the contract; `onPhase` passes the event on. */
export function importerHandlers(onPhase: (phase: 'read' | 'store') => void): Handlers<ImporterContract> {
  return {
    preview: (request) => previewImport(request),
    import: async ({ request, datasetDirectory, expectedId }) => {
      const { id } = await importDataset(request, datasetDirectory, { onPhase, expectedId });
      return { id };
    },
  };
}
