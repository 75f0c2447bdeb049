import { StudioError } from '../../../../shared/ipc/errors.ts';
import type { LabelledImages } from '../labelled-images.ts';
import { damaged, overLimit, readerError, type ReaderSource } from '../reader-error.ts';
import { withChannels, type ImageHeader } from './decoded-image.ts';
import { checkPixels, decodeImage, inspectImage } from './image-decoder.ts';
import { imageFolderFiles } from './image-folder-files.ts';
import { layOutImageFolder, type ImageFile } from './image-folder-layout.ts';
import {
  defaultImageFolderLimits,
  type ImageFolder,
  type ImageFolderFiles,
  type ImageFolderLimits,
  type ImageFolderOptions,
} from './image-folder.ts';
import { resizeImage } from './image-resize.ts';

/** Bytes that hold the header of a PNG and of nearly every JPEG. */
const HEAD_BYTES = 65_536;

const PROGRESS_EVERY = 100;

/** A folder that is being read. */
interface Reading {
  readonly files: ImageFolderFiles;
  readonly options: ImageFolderOptions;
  readonly limits: ImageFolderLimits;
}

function sourceOf({ files }: Reading, path?: string): ReaderSource {
  return { reader: 'image folder reader', name: path === undefined ? files.name : `${files.name}/${path}` };
}

function checkCancelled({ options, files }: Reading): void {
  if (options.signal?.aborted !== true) return;
  throw new StudioError('cancelled', `image folder reader: ${files.name} was cancelled; nothing was kept`);
}

async function readWhole(reading: Reading, path: string): Promise<Uint8Array> {
  const { maximumFileBytes } = reading.limits;
  const bytes = await reading.files.read(path, maximumFileBytes + 1);
  if (bytes.length <= maximumFileBytes) return bytes;
  throw overLimit(
    sourceOf(reading, path),
    'has more bytes',
    maximumFileBytes,
    'make it smaller or leave it out',
  );
}

async function readHeader(reading: Reading, path: string): Promise<ImageHeader> {
  const source = sourceOf(reading, path);
  const head = await reading.files.read(path, HEAD_BYTES);
  const header = inspectImage(head, source) ?? inspectImage(await readWhole(reading, path), source);
  if (header === null) throw damaged(source, 'ends inside its JPEG header', 'copy it again or leave it out');
  checkPixels(header, reading.limits.maximumPixels, source);
  return header;
}

/** The size and channels that all images are brought to; by their headers alone, nothing is decoded yet. */
async function findCommonShape(reading: Reading, files: readonly ImageFile[]): Promise<ImageHeader> {
  const { resizeTo, channels } = reading.options;
  let first = null as ImageHeader | null;
  let colour = false;
  for (const { path } of files) {
    checkCancelled(reading);
    const header = await readHeader(reading, path);
    first ??= header;
    colour ||= header.channels === 3;
    if (resizeTo === undefined && (header.width !== first.width || header.height !== first.height)) {
      throw readerError(
        'invalid-input',
        sourceOf(reading, path),
        `has ${header.width}x${header.height} pixels, and ${first.width}x${first.height} are expected as in ${files[0]?.path}`,
        'choose a size that all images are brought to',
      );
    }
  }
  const { width = 0, height = 0 } = resizeTo ?? first ?? {};
  return { width, height, channels: channels ?? (colour ? 3 : 1) };
}

/** All decoded images together, counted before memory is taken for them. */
function checkTotalBytes(reading: Reading, count: number, { width, height, channels }: ImageHeader): void {
  const sizeBytes = count * width * height * channels;
  if (sizeBytes <= reading.limits.maximumBytes) return;
  throw overLimit(
    sourceOf(reading),
    `has ${count} images of ${width}x${height}x${channels} (${sizeBytes} bytes)`,
    reading.limits.maximumBytes,
    'choose a smaller size that all images are brought to',
  );
}

async function decodeInto(
  reading: Reading,
  path: string,
  shape: ImageHeader,
  target: Uint8Array,
): Promise<void> {
  const source = sourceOf(reading, path);
  const image = decodeImage(await readWhole(reading, path), reading.limits.maximumPixels, source);
  if (
    reading.options.resizeTo === undefined &&
    (image.width !== shape.width || image.height !== shape.height)
  ) {
    throw damaged(source, 'changed while the folder was read', 'read it again');
  }
  target.set(resizeImage(withChannels(image, shape.channels), shape.width, shape.height).values);
}

async function decodePart(
  reading: Reading,
  files: readonly ImageFile[],
  shape: ImageHeader,
  labelOf: ReadonlyMap<string, number>,
  onDecoded: () => void,
): Promise<LabelledImages> {
  const { width, height, channels } = shape;
  const imageBytes = width * height * channels;
  const values = new Uint8Array(files.length * imageBytes);
  for (const [row, { path }] of files.entries()) {
    checkCancelled(reading);
    await decodeInto(reading, path, shape, values.subarray(row * imageBytes, (row + 1) * imageBytes));
    onDecoded();
  }
  const labels = Int32Array.from(files, ({ className }) => labelOf.get(className) ?? 0);
  return { shape: [files.length, height, width, channels], values, labels };
}

/**
 * Reads images by class from the files of a folder: `<class>/*.png|jpg`, or the same below `train/` and `test/`. Every
 * header is read before anything is decoded, so that sizes and limits are known first.
 * @throws StudioError `invalid-input` for another layout, sizes that differ and limits; `data-damaged` and
 * `unsupported` for images, naming the file; `cancelled`; what `files` throws
 */
export async function parseImageFolder(
  files: ImageFolderFiles,
  options: ImageFolderOptions = {},
): Promise<ImageFolder> {
  const limits = options.limits ?? defaultImageFolderLimits;
  const reading: Reading = { files, options, limits };
  const layout = layOutImageFolder(await files.list(limits.maximumImages), sourceOf(reading));
  const shape = await findCommonShape(reading, layout.files);
  checkTotalBytes(reading, layout.files.length, shape);
  const labelOf = new Map(layout.classes.map((name, label) => [name, label]));
  let done = 0;
  const onDecoded = () => {
    done++;
    if (done % PROGRESS_EVERY === 0 || done === layout.files.length)
      options.onProgress?.(done, layout.files.length);
  };
  const decode = (part: ImageFile['part']) =>
    decodePart(
      reading,
      layout.files.filter((file) => file.part === part),
      shape,
      labelOf,
      onDecoded,
    );
  const train = await decode('train');
  return { classes: layout.classes, train, test: layout.divided ? await decode('test') : null };
}

/**
 * Reads images by class from a folder of the disk, see {@link parseImageFolder}. Hidden files and links are passed over.
 * @throws StudioError as {@link parseImageFolder}; `not-found`
 */
export async function readImageFolder(root: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  return parseImageFolder(imageFolderFiles(root), options);
}
