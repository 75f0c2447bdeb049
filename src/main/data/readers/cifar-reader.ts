import { basename } from 'node:path';
import { readFileBounded } from './files.ts';
import { unpackBounded } from './gzip.ts';
import { concatImages, type LabelledImages } from './labelled-images.ts';
import { damaged, overLimit, readerError, type ReaderSource } from './reader-error.ts';

/** Classes of CIFAR-10 by label, as batches.meta.txt has them. */
export const cifar10Classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/** Most that the reader takes into memory: bytes of one file, packed or unpacked, and images of all. */
export interface CifarLimits {
  readonly maximumBytes: number;
  readonly maximumImages: number;
}

/** Several times the published 60,000 images; a batch file has 30.7 MB. */
export const defaultCifarLimits: CifarLimits = { maximumBytes: 2 ** 30, maximumImages: 500_000 };

const SIDE = 32;
const CHANNELS = 3;
const PLANE = SIDE * SIDE;
const IMAGE_BYTES = PLANE * CHANNELS;
const RECORD_BYTES = 1 + IMAGE_BYTES;

function sourceOf(name: string): ReaderSource {
  return { reader: 'cifar reader', name };
}

function countRecords(bytes: Uint8Array, source: ReaderSource, limits: CifarLimits): number {
  const expected = `records of ${RECORD_BYTES} bytes (a label and 32x32 pixels in three planes) are expected`;
  if (bytes.length === 0) throw damaged(source, `is empty, and ${expected}`, 'fetch it again');
  if (bytes.length % RECORD_BYTES !== 0) {
    throw damaged(
      source,
      `has ${bytes.length} bytes, and ${expected}`,
      'it was cut off or is another kind of file, choose a batch of CIFAR-10 in its binary version',
    );
  }
  const count = bytes.length / RECORD_BYTES;
  if (count > limits.maximumImages) throw overLimit(source, `has ${count} images`, limits.maximumImages);
  return count;
}

/** Planes red, green, blue of one record into pixels of three bytes. */
function interleave(record: Uint8Array, values: Uint8Array, offset: number): void {
  for (let pixel = 0; pixel < PLANE; pixel++) {
    const at = offset + CHANNELS * pixel;
    values[at] = record[1 + pixel]!;
    values[at + 1] = record[1 + PLANE + pixel]!;
    values[at + 2] = record[1 + 2 * PLANE + pixel]!;
  }
}

/**
 * Decodes a batch of CIFAR-10 in its binary version (Krizhevsky 2009), plain or gzip: uint8 [count, 32, 32, 3], labels
 * 0 to 9.
 * @param name what the messages call it
 * @throws StudioError `data-damaged` for another size or label, `invalid-input` over a limit
 */
export function parseCifar10(
  bytes: Uint8Array,
  name: string,
  limits: CifarLimits = defaultCifarLimits,
): LabelledImages {
  const source = sourceOf(name);
  const unpacked = unpackBounded(bytes, limits.maximumBytes, source);
  const count = countRecords(unpacked, source, limits);
  const values = new Uint8Array(count * IMAGE_BYTES);
  const labels = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const record = unpacked.subarray(row * RECORD_BYTES, (row + 1) * RECORD_BYTES);
    const label = record[0]!;
    if (label >= cifar10Classes.length) {
      throw damaged(
        source,
        `has label ${label} at row ${row}, and 0 to ${cifar10Classes.length - 1} are expected`,
        'it is damaged or of another dataset, fetch it again',
      );
    }
    labels[row] = label;
    interleave(record, values, row * IMAGE_BYTES);
  }
  return { shape: [count, SIDE, SIDE, CHANNELS], values, labels };
}

/**
 * Reads batch files of CIFAR-10, plain or gzip, and joins them in the order given.
 * @throws StudioError as {@link parseCifar10}; `not-found`
 */
export async function readCifar10Files(
  paths: readonly string[],
  limits: CifarLimits = defaultCifarLimits,
): Promise<LabelledImages> {
  const parts: LabelledImages[] = [];
  let imagesLeft = limits.maximumImages;
  for (const path of paths) {
    const source = sourceOf(basename(path));
    const bytes = await readFileBounded(path, limits.maximumBytes, source);
    const part = parseCifar10(bytes, source.name, { ...limits, maximumImages: imagesLeft });
    imagesLeft -= part.shape[0];
    parts.push(part);
  }
  const [first, ...others] = parts;
  if (first === undefined) {
    throw readerError(
      'invalid-input',
      sourceOf('no file'),
      'was given',
      'choose the batch files of CIFAR-10',
    );
  }
  return concatImages([first, ...others]);
}
