import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { classTarget } from '../describe-dataset.ts';
import type { ExamplesContent } from '../library/dataset-content.ts';
import { cifar10Classes, defaultCifarLimits, parseCifar10, type LabelledImages } from '../readers/index.ts';
import { concatImages } from '../readers/labelled-images.ts';
import { examplesContent, type ReadPart } from './examples-content.ts';
import type { ImportSource } from './import-source.ts';
import { readTar, type TarFile } from './tar.ts';
import { readUnpacked } from './unpacked-file.ts';

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

async function readBatches(paths: readonly string[]): Promise<LabelledImages[]> {
  const batches: LabelledImages[] = [];
  for (const path of paths) {
    const bytes = await readUnpacked(path, defaultCifarLimits.maximumBytes, 'cifar reader');
    batches.push(parseCifar10(bytes, basename(path)));
  }
  return batches;
}

async function readParts(source: CifarSource): Promise<{ train: LabelledImages[]; test: LabelledImages[] }> {
  if (!('archive' in source)) {
    return { train: await readBatches(source.train), test: await readBatches(source.test) };
  }
  const files = (await unpackArchive(source.archive)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const parse = (isTest: boolean): LabelledImages[] =>
    files
      .filter(({ name }) => name.endsWith('test_batch.bin') === isTest)
      .map(({ name, bytes }) => parseCifar10(bytes, basename(name)));
  return { train: parse(false), test: parse(true) };
}

function join(name: string, batches: readonly LabelledImages[]): ReadPart | null {
  const [first, ...others] = batches;
  if (first === undefined) return null;
  const { shape, values, labels } = concatImages([first, ...others]);
  return { name, features: { shape, values }, target: labels };
}

/**
 * Reads batches of CIFAR-10 in its binary version, some or all, or the archive they come in.
 * @throws StudioError `not-found`, `data-damaged`, `invalid-input` over a limit
 */
export async function readCifar(source: CifarSource): Promise<ExamplesContent> {
  const { train, test } = await readParts(source);
  const joined = join('CIFAR-10', train);
  if (joined !== null) {
    return examplesContent(classTarget('object', cifar10Classes), joined, join('CIFAR-10 test', test));
  }
  throw new StudioError(
    'unsupported',
    'datasets: the archive holds no data_batch_1.bin; of archives only cifar-10-binary.tar.gz can be read, unpack others first',
    {},
  );
}
