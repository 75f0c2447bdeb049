import type { DatasetInfo, GeneratorOptions } from '../../shared/schema/dataset.ts';
import { generateCircles } from './circles.ts';
import { classTarget, describeDataset, numberTarget } from './describe-dataset.ts';
import type { DatasetParts } from './loaded-dataset.ts';
import { generateNoisy1d } from './noisy-1d.ts';
import { generateSpirals } from './spirals.ts';

/** A dataset that a generator makes from options. */
interface GeneratedDataset extends Pick<DatasetInfo, 'name' | 'featureNames' | 'targets'> {
  /** Options taken when a specification names none. */
  readonly defaults: GeneratorOptions;
  readonly generate: (options: GeneratorOptions) => DatasetParts;
}

const datasets: ReadonlyMap<string, GeneratedDataset> = new Map([
  [
    'spirals',
    {
      name: 'Two spirals',
      featureNames: ['x', 'y'],
      targets: [classTarget('arm', ['first arm', 'second arm'])],
      defaults: { trainExamples: 3_200, testExamples: 800, noise: 0.03, seed: 1 },
      generate: generateSpirals,
    },
  ],
  [
    'circles',
    {
      name: 'Two circles',
      featureNames: ['x', 'y'],
      targets: [classTarget('ring', ['outer ring', 'inner ring'])],
      defaults: { trainExamples: 200, testExamples: 200, noise: 0.32, seed: 1 },
      generate: generateCircles,
    },
  ],
  [
    'noisy-1d',
    {
      name: 'Noisy curve',
      featureNames: ['x'],
      targets: [numberTarget('y')],
      defaults: { trainExamples: 100, testExamples: 100, noise: 0.3, seed: 1 },
      generate: generateNoisy1d,
    },
  ],
]);

/** Ids of the datasets that are made by the studio. */
export const generatedIds: readonly string[] = [...datasets.keys()];

/** Options a generator takes unless told; null where no generator has the id. */
export function generatorDefaults(id: string): GeneratorOptions | null {
  return datasets.get(id)?.defaults ?? null;
}

/** What a generator makes of the options, before it does; null where no generator has the id. */
export function generatedInfo(id: string, options: GeneratorOptions): DatasetInfo | null {
  const dataset = datasets.get(id);
  if (dataset === undefined) return null;
  return describeDataset({
    id,
    name: dataset.name,
    featureShape: [dataset.featureNames.length],
    targets: structuredClone(dataset.targets),
    featureNames: [...dataset.featureNames],
    columns: null,
    origin: 'generated',
    trainExamples: options.trainExamples,
    testExamples: options.testExamples,
    licence: 'Made by the studio, free to use',
    available: true,
  });
}

/** Both parts of a generated dataset; null where no generator has the id. Same options, same points. */
export function generateDataset(id: string, options: GeneratorOptions): DatasetParts | null {
  return datasets.get(id)?.generate(options) ?? null;
}
