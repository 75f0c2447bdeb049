import { StudioError } from '../../shared/ipc/errors.ts';
import type { DataSpec, DatasetId, DatasetInfo, GeneratorOptions } from '../../shared/schema/dataset.ts';
import { findMnistDirectory } from './mnist.ts';

/** What a dataset says of itself apart from counts and availability. */
type Entry = Pick<DatasetInfo, 'name' | 'task' | 'featureShape' | 'classes' | 'licence'> & {
  /** Options taken when a specification names none; null for a dataset that comes as files. */
  readonly defaults: GeneratorOptions | null;
};

const MNIST_COUNTS = { trainExamples: 60_000, testExamples: 10_000 } as const;
const generatedLicence = 'Made by the studio, free to use';

const entries: Readonly<Record<DatasetId, Entry>> = {
  mnist: {
    name: 'MNIST digits',
    task: 'classification',
    featureShape: [28, 28, 1],
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    licence: 'CC BY-SA 3.0, Yann LeCun, Corinna Cortes and Christopher Burges',
    defaults: null,
  },
  spirals: {
    name: 'Two spirals',
    task: 'classification',
    featureShape: [2],
    classes: ['first arm', 'second arm'],
    licence: generatedLicence,
    defaults: { trainExamples: 3_200, testExamples: 800, noise: 0.03, seed: 1 },
  },
  circles: {
    name: 'Two circles',
    task: 'classification',
    featureShape: [2],
    classes: ['outer ring', 'inner ring'],
    licence: generatedLicence,
    defaults: { trainExamples: 200, testExamples: 200, noise: 0.32, seed: 1 },
  },
  'noisy-1d': {
    name: 'Noisy curve',
    task: 'regression',
    featureShape: [1],
    classes: [],
    licence: generatedLicence,
    defaults: { trainExamples: 100, testExamples: 100, noise: 0.3, seed: 1 },
  },
};

/**
 * The options a specification's generator runs with: its own, else the dataset's.
 * @returns null for a dataset that comes as files
 * @throws StudioError `invalid-input` where options are given to a dataset that takes none
 */
export function resolveGenerator(spec: Pick<DataSpec, 'dataset' | 'generator'>): GeneratorOptions | null {
  const { defaults, name } = entries[spec.dataset];
  if (defaults === null && spec.generator !== null) {
    throw new StudioError(
      'invalid-input',
      `datasets: ${name} comes as files and takes no generator options; remove data.generator`,
      { path: 'data.generator' },
    );
  }
  return spec.generator ?? defaults;
}

/**
 * What is known of a dataset before it is loaded.
 * @throws StudioError `invalid-input` where the generator's options do not fit
 */
export function datasetInfo(spec: Pick<DataSpec, 'dataset' | 'generator'>): DatasetInfo {
  const { defaults: _, ...entry } = entries[spec.dataset];
  const generator = resolveGenerator(spec);
  const { trainExamples, testExamples } = generator ?? MNIST_COUNTS;
  return {
    id: spec.dataset,
    ...entry,
    featureShape: [...entry.featureShape],
    classes: [...entry.classes],
    trainExamples,
    testExamples,
    generated: generator !== null,
    available: generator !== null || findMnistDirectory() !== null,
  };
}

/** Every dataset the studio knows, each as it is without options of its own. */
export function listDatasets(): DatasetInfo[] {
  return (Object.keys(entries) as DatasetId[]).map((dataset) => datasetInfo({ dataset, generator: null }));
}
