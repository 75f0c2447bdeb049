import { damaged, readerError, type ReaderSource } from '../reader-error.ts';
import type { ImageHeader } from './decoded-image.ts';

/** What the headers of a JPEG say (ITU-T T.81). */
export interface JpegHeader extends ImageHeader {
  /** Whether the three components are red, green and blue instead of luma and chroma (Adobe's marker). */
  readonly rgb: boolean;
}

const START = 0xd8;
const START_OF_SCAN = 0xda;
const END = 0xd9;
const ADOBE = 0xee;
const DECODED_FRAMES = [0xc0, 0xc1, 0xc2];
const MOST_SCANS = 100;
const WAY_OUT = 'it is damaged, copy it again or leave it out';

/** Whether a file begins as a JPEG does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === START && bytes[2] === 0xff;
}

/** Start-of-frame markers are C0 to CF but for three that are tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function readFrame(marker: number, segment: Uint8Array, source: ReaderSource): ImageHeader {
  if (!DECODED_FRAMES.includes(marker)) {
    throw readerError(
      'unsupported',
      source,
      `is JPEG of kind SOF${marker - 0xc0}`,
      'save it as baseline JPEG or PNG',
    );
  }
  const [precision = 0, high = 0, low = 0, wide = 0, wideLow = 0, components = 0] = segment;
  const height = 256 * high + low;
  const width = 256 * wide + wideLow;
  if (segment.length < 6 + 3 * components || width === 0 || height === 0) {
    throw damaged(source, `has a JPEG header that no picture has (${width}x${height})`, WAY_OUT);
  }
  if (precision !== 8 || (components !== 1 && components !== 3)) {
    throw readerError(
      'unsupported',
      source,
      `is JPEG of ${components} components of ${precision} bits, and grey or colour of 8 bits is expected`,
      'save it as RGB',
    );
  }
  return { width, height, channels: components };
}

/** Adobe's marker with transform 0 says that no conversion to luma and chroma was made. */
function isAdobeRgb(segment: Uint8Array): boolean {
  return Buffer.from(segment.subarray(0, 5)).toString('latin1') === 'Adobe' && segment[11] === 0;
}

/**
 * Reads the headers of a JPEG up to its frame.
 * @param bytes the file or its beginning
 * @returns null where the bytes end before the frame's header
 * @throws StudioError `data-damaged`, `unsupported`
 */
export function readJpegHeader(bytes: Uint8Array, source: ReaderSource): JpegHeader | null {
  let rgb = false;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) throw damaged(source, `has no JPEG marker at byte ${at}`, WAY_OUT);
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END) {
      throw damaged(source, 'has no JPEG frame before its data', WAY_OUT);
    }
    const end = at + 2 + 256 * bytes[at + 2]! + bytes[at + 3]!;
    if (end > bytes.length) return null;
    const segment = bytes.subarray(at + 4, end);
    if (marker === ADOBE) rgb ||= isAdobeRgb(segment);
    if (isFrame(marker)) return { ...readFrame(marker, segment, source), rgb };
    at = Math.max(end, at + 4);
  }
  return null;
}

/**
 * Refuses a JPEG of more scans than any picture has: each goes over the whole picture and may have but a few bytes.
 * @throws StudioError `unsupported`
 */
export function checkScanCount(bytes: Uint8Array, source: ReaderSource): void {
  let scans = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === START_OF_SCAN) scans++;
  }
  if (scans <= MOST_SCANS) return;
  throw readerError(
    'unsupported',
    source,
    `has ${scans} scans, and at most ${MOST_SCANS} are read`,
    'save it again',
  );
}
