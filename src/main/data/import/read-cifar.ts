import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { classTarget } from '../describe-dataset.ts';
import type { ExamplesContent } from '../library/dataset-content.ts';
import {
  cifar10Classes,
  defaultCifarLimits,
  parseCifar10,
  readCifar10Files,
  type LabelledImages,
} from '../readers/index.ts';
import { concatImages } from '../readers/labelled-images.ts';
import { examplesContent, type ReadPart } from './examples-content.ts';
import type { ImportSource } from './import-source.ts';
import { readTar, type TarFile } from './tar.ts';

type CifarSource = Extract<ImportSource, { format: 'cifar-10' }>;

const BATCH = /(?:data_batch_\d+|test_batch)\.bin$/;

async function unpackArchive(path: string): Promise<TarFile[]> {
  const { maximumBytes } = defaultCifarLimits;
  const file = createReadStream(path);
  const unpacked = createGunzip();
  // A file that breaks off ends the unpacking with its error, which the reading loop below throws.
  file.on('error', (error) => unpacked.destroy(error));
  const limits = { maximumFiles: 100, maximumBytes };
  try {
    return await readTar(file.pipe(unpacked), basename(path), (name) => BATCH.test(name), limits);
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw new StudioError(
      'data-damaged',
      `datasets: ${basename(path)} cannot be unpacked (${cause instanceof Error ? cause.message : String(cause)}); fetch it again`,
      { file: path },
      { cause },
    );
  } finally {
    file.destroy();
  }
}

/** The images of both parts; null where there is no batch of one. */
interface CifarParts {
  readonly train: LabelledImages | null;
  readonly test: LabelledImages | null;
}

function joinBatches(files: readonly TarFile[]): LabelledImages | null {
  const [first, ...others] = files.map(({ name, bytes }) => parseCifar10(bytes, basename(name)));
  return first === undefined ? null : concatImages([first, ...others]);
}

async function readParts(source: CifarSource): Promise<CifarParts> {
  if (!('archive' in source)) {
    const { train, test } = source;
    return {
      train: await readCifar10Files(train),
      test: test.length === 0 ? null : await readCifar10Files(test),
    };
  }
  const files = (await unpackArchive(source.archive)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const isTest = ({ name }: TarFile): boolean => name.endsWith('test_batch.bin');
  return {
    train: joinBatches(files.filter((file) => !isTest(file))),
    test: joinBatches(files.filter(isTest)),
  };
}

function toPart(name: string, { shape, values, labels }: LabelledImages): ReadPart {
  return { name, features: { shape, values }, target: labels };
}

/**
 * Reads batches of CIFAR-10 in its binary version, some or all, or the archive they come in.
 * @throws StudioError `not-found`, `data-damaged`, `invalid-input` over a limit
 */
export async function readCifar(source: CifarSource): Promise<ExamplesContent> {
  const { train, test } = await readParts(source);
  if (train !== null) {
    return examplesContent(
      classTarget('object', cifar10Classes),
      toPart('CIFAR-10', train),
      test === null ? null : toPart('CIFAR-10 test', test),
    );
  }
  throw new StudioError(
    'unsupported',
    'datasets: the archive holds no data_batch_1.bin; of archives only cifar-10-binary.tar.gz can be read, unpack others first',
    {},
  );
}
