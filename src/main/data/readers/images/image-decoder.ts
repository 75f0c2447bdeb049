import type { StudioError } from '../../../../shared/ipc/errors.ts';
import { damaged, overLimit, type ReaderSource } from '../reader-error.ts';
import type { DecodedImage, ImageHeader } from './decoded-image.ts';
import { decodeJpeg } from './jpeg-decoder.ts';
import { isJpeg, readJpegHeader } from './jpeg-header.ts';
import { isPng } from './png-chunks.ts';
import { decodePng, inspectPng } from './png-decoder.ts';

function unknownKind(bytes: Uint8Array, source: ReaderSource): StudioError {
  const found = Buffer.from(bytes.subarray(0, 4)).toString('hex') || '(none)';
  return damaged(
    source,
    `begins with the bytes ${found}, and PNG or JPEG is expected`,
    'save it as PNG or leave it out',
  );
}

/**
 * What a PNG or JPEG says of its picture; the kind is told by its first bytes, not by the file's name.
 * @param bytes the file or its beginning
 * @returns null where more of a JPEG is needed to tell
 * @throws StudioError `data-damaged`, `unsupported`
 */
export function inspectImage(bytes: Uint8Array, source: ReaderSource): ImageHeader | null {
  if (isPng(bytes)) return inspectPng(bytes, source);
  if (isJpeg(bytes)) return readJpegHeader(bytes, source);
  throw unknownKind(bytes, source);
}

/** @throws StudioError `invalid-input` where the picture has more pixels than are read */
export function checkPixels(
  { width, height }: ImageHeader,
  maximumPixels: number,
  source: ReaderSource,
): void {
  if (width * height <= maximumPixels) return;
  throw overLimit(source, `has ${width}x${height} pixels`, maximumPixels, 'make it smaller or leave it out');
}

/**
 * Decodes a PNG or JPEG to 8 bits a sample, see {@link decodePng} and {@link decodeJpeg}.
 * @throws StudioError `data-damaged`, `unsupported`, `invalid-input` over `maximumPixels`, before anything is decoded
 */
export function decodeImage(bytes: Uint8Array, maximumPixels: number, source: ReaderSource): DecodedImage {
  const header = inspectImage(bytes, source);
  if (header === null) throw damaged(source, 'ends inside its JPEG header', 'copy it again or leave it out');
  checkPixels(header, maximumPixels, source);
  return isPng(bytes) ? decodePng(bytes, source) : decodeJpeg(bytes, source);
}
