import { StudioError } from '../../shared/ipc/errors.ts';
import type { DataSpec, DatasetInfo, GeneratorOptions } from '../../shared/schema/dataset.ts';
import { generatedIds, generatedInfo, generatorDefaults } from './generated.ts';
import { listStoredIds, readManifest } from './library/read-manifest.ts';
import { storedInfo } from './library/stored-dataset.ts';
import { mnistInfo } from './mnist.ts';
import { officialInfo } from './official/official-info.ts';
import { findOfficial, officialDatasets } from './official/official-datasets.ts';

/** The part of a data specification that names a dataset and what examples it has. */
export type DatasetChoice = Pick<DataSpec, 'dataset' | 'generator' | 'table'>;

function refuse(path: string, message: string): StudioError {
  return new StudioError('invalid-input', `datasets: ${message}`, { path });
}

function checkOptions({ generator, table }: DatasetChoice, name: string, isGenerated: boolean): void {
  if (!isGenerated && generator !== null) {
    throw refuse(
      'data.generator',
      `${name} comes as files and takes no generator options; remove data.generator`,
    );
  }
  if (isGenerated && table !== null) {
    throw refuse('data.table', `${name} is made by a generator and has no columns; remove data.table`);
  }
}

/**
 * The options a specification's generator runs with: its own, else the dataset's.
 * @returns null for a dataset that comes as files
 */
export function resolveGenerator(spec: Pick<DataSpec, 'dataset' | 'generator'>): GeneratorOptions | null {
  const defaults = generatorDefaults(spec.dataset);
  return defaults === null ? null : (spec.generator ?? defaults);
}

function missingDataset(id: string): StudioError {
  return new StudioError(
    'not-found',
    `datasets: there is no dataset "${id}" on this machine; import it, or choose another`,
    { path: 'data.dataset', dataset: id },
  );
}

function filesInfo({ dataset, table }: DatasetChoice, datasetDirectory: string): DatasetInfo {
  if (dataset === 'mnist') {
    if (table !== null) throw refuse('data.table', 'MNIST is no table and has no columns; remove data.table');
    return mnistInfo();
  }
  const official = findOfficial(dataset);
  const manifest = readManifest(datasetDirectory, official?.storedAs ?? dataset);
  if (official !== null) return officialInfo(official, manifest, table, datasetDirectory);
  if (manifest === null) throw missingDataset(dataset);
  return storedInfo(datasetDirectory, manifest, table);
}

/**
 * What is known of a dataset before it is loaded: bundled, generated, of the catalogue (as published while it is not on
 * this machine) or imported. For a table it depends on the choice of columns; without one all columns of numbers but
 * the last column are features and the last is the target. Reads small files only, at once.
 * @param datasetDirectory absolute folder of the stored datasets; it need not exist
 * @throws StudioError `not-found` for a dataset that is not known, `invalid-input` where the generator's options or
 * the columns do not fit, `data-damaged`; `details.path` says where in an experiment
 */
export function datasetInfo(spec: DatasetChoice, datasetDirectory: string): DatasetInfo {
  const generator = resolveGenerator(spec);
  checkOptions(spec, spec.dataset, generator !== null);
  const generated = generator === null ? null : generatedInfo(spec.dataset, generator);
  return generated ?? filesInfo(spec, datasetDirectory);
}

function idsHere(datasetDirectory: string): string[] {
  const stored = listStoredIds(datasetDirectory);
  const official = officialDatasets.filter(({ storedAs }) => stored.includes(storedAs)).map(({ id }) => id);
  const imported = stored.filter((id) => findOfficial(id) === null);
  return ['mnist', ...generatedIds, ...official, ...imported];
}

/**
 * Every dataset on this machine, each as it is without options of its own; damaged ones are left out.
 * @param onDamaged told of each that is left out
 */
export function listDatasets(
  datasetDirectory: string,
  onDamaged: (id: string, reason: StudioError) => void = () => undefined,
): DatasetInfo[] {
  return idsHere(datasetDirectory).flatMap((dataset) => {
    try {
      return [datasetInfo({ dataset, generator: null, table: null }, datasetDirectory)];
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      onDamaged(dataset, error);
      return [];
    }
  });
}
