import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeStandIns } from '../src/main/data/dataset-test-kit.ts';
import { datasetInfo, loadDataset } from '../src/main/data/index.ts';
import type { LoadedDataset } from '../src/main/data/loaded-dataset.ts';
import { dataDirectory } from '../src/main/host/paths.ts';
import { resolveVariant } from '../src/shared/experiment/resolve-variant.ts';
import { experiment, type Experiment } from '../src/shared/schema/experiment.ts';

/** Seed of weights, batches and whatever stands in for data that is not here. */
export const CASE_SEED = 1;

/** A net of the reports that is compared with PyTorch's. */
export interface ExperimentCase {
  readonly name: string;
  readonly file: string;
  readonly variant: string | null;
}

export const cases = {
  C2: { name: 'C2', file: 'c2-fmnist-cnn', variant: null },
  G: { name: 'G', file: 'g-usps-cnn', variant: 'cnn' },
  H: { name: 'H', file: 'h-coloured-digits', variant: null },
  I4: { name: 'I4', file: 'i4-houses-gaussian', variant: null },
  K5: { name: 'K5', file: 'k-cifar-cures', variant: 'K5' },
} as const satisfies Readonly<Record<string, ExperimentCase>>;
export type CaseName = keyof typeof cases;

/** The experiment of a case as it is run, without early stopping. */
export async function caseExperiment(root: string, { file, variant }: ExperimentCase): Promise<Experiment> {
  const path = join(root, 'resources', 'experiments', `${file}.json`);
  const whole = resolveVariant(experiment.parse(JSON.parse(await readFile(path, 'utf8'))), variant);
  return { ...whole, training: { ...whole.training, earlyStopping: null } };
}

/** The same without what PyTorch draws with other random numbers: dropout and augmentation. */
export function withoutChance(whole: Experiment): Experiment {
  const layers = whole.model.layers.map((layer) =>
    layer.kind === 'dropout' ? { ...layer, rate: 0 } : layer,
  );
  return { ...whole, augmentation: [], model: { ...whole.model, layers } };
}

const STAND_INS = { trainExamples: 8_000, testExamples: 100 } as const;

/**
 * The dataset of an experiment, or, where this machine does not have it, a made-up one of the same shape: enough to
 * compare computations and speeds.
 */
export async function caseDataset(whole: Experiment): Promise<{ dataset: LoadedDataset; isReal: boolean }> {
  const directory = join(dataDirectory(), 'datasets');
  if (datasetInfo(whole.data, directory).available)
    return { dataset: await loadDataset(whole.data, directory), isReal: true };
  const folder = await mkdtemp(join(tmpdir(), 'stand-ins-'));
  try {
    await storeStandIns(folder, STAND_INS);
    return { dataset: await loadDataset(whole.data, folder), isReal: false };
  } finally {
    await rm(folder, { recursive: true });
  }
}
