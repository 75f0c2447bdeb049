import { decode } from 'jpeg-js';
import { damaged, reasonOf, type ReaderSource } from '../reader-error.ts';
import type { DecodedImage } from './decoded-image.ts';
import { checkScanCount, readJpegHeader, type JpegHeader } from './jpeg-header.ts';

const WAY_OUT = 'it is damaged, copy it again or leave it out';

/** Largest unit that a picture is padded to: 8 pixels times the largest sampling factor. */
const LARGEST_UNIT = 32;

/** What the decoder counts per pixel of three components: coefficients of 4 bytes, samples, and two copies. */
const BYTES_PER_PIXEL = 24;
const BYTES_OF_TABLES = 2 ** 20;

function padded(side: number): number {
  return Math.ceil(side / LARGEST_UNIT) * LARGEST_UNIT;
}

/** What decoding the picture of this header takes, so that another header hidden behind it cannot take more. */
function memoryLimitMiB({ width, height }: JpegHeader): number {
  return Math.ceil((padded(width) * padded(height) * BYTES_PER_PIXEL + BYTES_OF_TABLES) / 2 ** 20);
}

function decodeRgb(bytes: Uint8Array, header: JpegHeader, source: ReaderSource) {
  try {
    return decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: header.rgb ? false : undefined,
      maxResolutionInMP: (header.width * header.height + 1) / 1e6,
      maxMemoryUsageInMB: memoryLimitMiB(header),
    });
  } catch (cause) {
    throw damaged(source, `has JPEG data that cannot be decoded (${reasonOf(cause)})`, WAY_OUT, cause);
  }
}

/**
 * Decodes a JPEG, baseline or progressive, grey or colour of 8 bits. Chroma is not smoothed between pixels, and an
 * orientation told by a camera is not applied (as in torchvision's ImageFolder). Takes memory for the picture of its
 * header and no more; the caller has checked that size.
 * @throws StudioError `data-damaged`, `unsupported`
 */
export function decodeJpeg(bytes: Uint8Array, source: ReaderSource): DecodedImage {
  const header = readJpegHeader(bytes, source);
  if (header === null) throw damaged(source, 'ends inside its JPEG header', WAY_OUT);
  checkScanCount(bytes, source);
  const { width, height, channels } = header;
  const { data, ...actual } = decodeRgb(bytes, header, source);
  if (actual.width !== width || actual.height !== height) {
    throw damaged(source, `holds ${actual.width}x${actual.height} and says ${width}x${height}`, WAY_OUT);
  }
  // The decoder repeats grey three times.
  const values =
    channels === 3 ? data : Uint8Array.from({ length: width * height }, (_, at) => data[3 * at]!);
  return { width, height, channels, values };
}
