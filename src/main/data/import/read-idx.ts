import { basename } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { classTarget } from '../describe-dataset.ts';
import type { ExamplesContent } from '../library/dataset-content.ts';
import { readIdxFile, type IdxArray } from '../readers/index.ts';
import { arrayFeatures } from './array-features.ts';
import { numberClasses } from './class-labels.ts';
import { examplesContent, type ReadPart } from './examples-content.ts';
import type { ImagesAndLabels } from './import-source.ts';

/** Images and their labels as the files number them. */
interface NumberedPart {
  readonly images: IdxArray;
  readonly labels: Uint8Array;
  readonly name: string;
}

async function readPair({ images, labels }: ImagesAndLabels): Promise<NumberedPart> {
  const read = await readIdxFile(labels);
  if (read.shape.length !== 1) {
    throw new StudioError(
      'data-damaged',
      `datasets: ${basename(labels)} holds an array of ${read.shape.join('x')}, expected a label per image; choose the file of labels`,
      { file: labels },
    );
  }
  return { images: await readIdxFile(images), labels: read.values, name: basename(images) };
}

/**
 * Reads idx files of images and labels; the numbers found among the labels become the classes.
 * @throws StudioError `not-found`, `data-damaged`, `unsupported`
 */
export async function readIdx(
  train: ImagesAndLabels,
  test: ImagesAndLabels | null,
): Promise<ExamplesContent> {
  const read = [await readPair(train), ...(test === null ? [] : [await readPair(test)])];
  const { classes, parts } = numberClasses(read.map(({ labels }) => labels));
  const [first, second] = read.map(({ images, name }, place): ReadPart => {
    return { name, features: arrayFeatures(images, name), target: parts[place]! };
  });
  return examplesContent(classTarget('label', classes), first!, second ?? null);
}
