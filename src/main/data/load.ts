import type { DataSpec, DatasetId, GeneratorOptions } from '../../shared/schema/dataset.ts';
import { datasetInfo, resolveGenerator } from './catalogue.ts';
import { generateCircles } from './circles.ts';
import { fingerprintExamples } from './fingerprint.ts';
import type { ExampleSet, LoadedDataset } from './loaded-dataset.ts';
import { loadMnist } from './mnist.ts';
import { generateNoisy1d } from './noisy-1d.ts';
import { generateSpirals } from './spirals.ts';

interface Parts {
  readonly train: ExampleSet;
  readonly test: ExampleSet;
}

const generators: Readonly<Record<Exclude<DatasetId, 'mnist'>, (options: GeneratorOptions) => Parts>> = {
  spirals: generateSpirals,
  circles: generateCircles,
  'noisy-1d': generateNoisy1d,
};

async function loadParts(spec: DataSpec): Promise<Parts> {
  const options = resolveGenerator(spec);
  if (spec.dataset === 'mnist' || options === null) return loadMnist();
  return generators[spec.dataset](options);
}

/**
 * Loads or makes a dataset. The arrays belong to the caller and are shared with nobody.
 * @throws StudioError `not-found`, `data-damaged` (files missing or wrong) or `invalid-input` (options)
 */
export async function loadDataset(spec: DataSpec): Promise<LoadedDataset> {
  const { train, test } = await loadParts(spec);
  return { info: datasetInfo(spec), train, test, sha256: fingerprintExamples([train, test]) };
}
