import { StudioError } from '../../shared/ipc/errors.ts';
import { datasetInfo, resolveGenerator, type DatasetChoice } from './catalogue.ts';
import { fingerprintExamples } from './fingerprint.ts';
import { generateDataset } from './generated.ts';
import { readManifest } from './library/read-manifest.ts';
import { loadStored, type LoadedParts } from './library/stored-dataset.ts';
import type { DatasetParts, LoadedDataset } from './loaded-dataset.ts';
import { loadMnist } from './mnist.ts';
import { colourDigits } from './official/coloured-usps.ts';
import { findOfficial } from './official/official-datasets.ts';

function withFingerprint(parts: DatasetParts): LoadedParts {
  return { ...parts, sha256: fingerprintExamples([parts.train, parts.test]) };
}

function notHere(id: string): StudioError {
  const official = findOfficial(id);
  const wayOut =
    official === null
      ? 'Import it again, or choose another.'
      : `${official.files.length > 0 ? `Fetch it ("datasets fetch ${id}"), or: ` : ''}${official.importHint}`;
  return new StudioError('not-found', `datasets: ${official?.name ?? id} is not on this machine. ${wayOut}`, {
    path: 'data.dataset',
    dataset: id,
  });
}

async function loadFiles({ dataset, table }: DatasetChoice, datasetDirectory: string): Promise<LoadedParts> {
  if (dataset === 'mnist') return loadMnist();
  const storedAs = findOfficial(dataset)?.storedAs ?? dataset;
  const manifest = readManifest(datasetDirectory, storedAs);
  if (manifest === null) throw notHere(dataset);
  const stored = await loadStored(datasetDirectory, manifest, storedAs === dataset ? table : null);
  return dataset === 'coloured-usps' ? withFingerprint(colourDigits(stored)) : stored;
}

/**
 * Loads or makes a dataset. The arrays belong to the caller and are shared with nobody; a dataset that comes as one
 * part has it as `train` and as `test`, and `splitDataset` draws disjoint rows of it.
 * @param datasetDirectory absolute folder of the stored datasets; it need not exist
 * @throws StudioError `not-found`, `data-damaged` (files missing or wrong) or `invalid-input` (options or columns)
 */
export async function loadDataset(spec: DatasetChoice, datasetDirectory: string): Promise<LoadedDataset> {
  const info = datasetInfo(spec, datasetDirectory);
  const options = resolveGenerator(spec);
  const generated = options === null ? null : generateDataset(spec.dataset, options);
  const parts = generated ? withFingerprint(generated) : await loadFiles(spec, datasetDirectory);
  return { info, ...parts };
}
