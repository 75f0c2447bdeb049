import type { DatasetInfo, TargetInfo } from '../../../shared/schema/dataset.ts';
import type { DatasetParts, ExampleSet, TargetValues } from '../loaded-dataset.ts';
import { readArrayFile } from './array-files.ts';
import type { ArrayFile, StoredExamples, StoredPart } from './manifest.ts';

/** What a stored dataset of examples says of itself. */
export function storedExamplesInfo(
  content: StoredExamples,
): Pick<
  DatasetInfo,
  'featureShape' | 'featureNames' | 'targets' | 'columns' | 'trainExamples' | 'testExamples'
> {
  return {
    featureShape: content.featureShape,
    featureNames: content.featureNames,
    targets: content.targets,
    columns: null,
    trainExamples: content.train.exampleCount,
    testExamples: content.test?.exampleCount ?? 0,
  };
}

async function loadTarget(directory: string, file: ArrayFile, target: TargetInfo): Promise<TargetValues> {
  const { buffer } = await readArrayFile(directory, file);
  return target.kind === 'class' ? new Int32Array(buffer) : new Float32Array(buffer);
}

async function loadPart(directory: string, content: StoredExamples, part: StoredPart): Promise<ExampleSet> {
  const { features, exampleCount } = part;
  const bytes = await readArrayFile(directory, features);
  const values = features.elements === 'uint8' ? bytes : new Float32Array(bytes.buffer);
  const targets: TargetValues[] = [];
  for (const [place, file] of part.targets.entries()) {
    targets.push(await loadTarget(directory, file, content.targets[place]!));
  }
  return { features: { shape: [exampleCount, ...content.featureShape], values }, targets, exampleCount };
}

/**
 * Loads a stored dataset's parts; one that comes as one part has it twice.
 * @throws StudioError `data-damaged`
 */
export async function loadStoredExamples(directory: string, content: StoredExamples): Promise<DatasetParts> {
  const train = await loadPart(directory, content, content.train);
  return {
    train,
    test: content.test === null ? train : await loadPart(directory, content, content.test),
  };
}
