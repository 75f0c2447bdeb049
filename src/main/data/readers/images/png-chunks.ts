import { crc32 } from 'node:zlib';
import { damaged, readerError, type ReaderSource } from '../reader-error.ts';

/** What the header chunk of a PNG says (PNG specification, IHDR). */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha. */
  readonly colourType: number;
  readonly interlaced: boolean;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Bytes from the file's begin to the end of its header chunk. */
const HEADER_END = 33;

/** Depths that each colour type may have. */
const depths: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

const WAY_OUT = 'it is damaged, copy it again or leave it out';

/** Whether a file begins as a PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads the header chunk, which is the first of every PNG.
 * @param bytes the beginning of the file
 * @throws StudioError `data-damaged` where there is none, `unsupported` for what is not decoded
 */
export function readPngHeader(bytes: Uint8Array, source: ReaderSource): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_END || view.getUint32(8) !== 13 || chunkType(view, 8) !== 'IHDR') {
    throw damaged(source, 'has no whole PNG header', WAY_OUT);
  }
  const [depth = 0, colourType = 0, compression = 0, filter = 0, interlace = 0] = bytes.subarray(24, 29);
  const header = {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth,
    colourType,
    interlaced: interlace === 1,
  };
  const known =
    depths.get(colourType)?.includes(depth) === true && compression === 0 && filter === 0 && interlace < 2;
  if (!known || header.width === 0 || header.height === 0) {
    throw damaged(source, `has a PNG header that no picture has (${header.width}x${header.height})`, WAY_OUT);
  }
  if (header.interlaced && depth < 8) {
    throw readerError(
      'unsupported',
      source,
      `is interlaced with ${depth} bits a sample`,
      'save it without interlacing',
    );
  }
  return header;
}

function chunkType(view: DataView, at: number): string {
  return String.fromCharCode(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)));
}

/** Chunks that make the picture; colour profiles, texts and dates are passed over. */
const PICTURE_CHUNKS = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

/** The chunks that make the picture, each whole with length, type and checksum, and the packed pixels alone. */
export interface PngChunks {
  readonly chunks: readonly Uint8Array[];
  readonly packed: readonly Uint8Array[];
}

/**
 * Goes through the chunks of a PNG and checks their checksums.
 * @throws StudioError `data-damaged` where they are broken or one is missing
 */
export function readPngChunks(bytes: Uint8Array, source: ReaderSource): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Uint8Array[] = [];
  const packed: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = chunkType(view, at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw damaged(
        source,
        `has a PNG chunk ${JSON.stringify(type)} that does not fit its checksum`,
        WAY_OUT,
      );
    }
    // A second header would be read as the first's picture.
    if (PICTURE_CHUNKS.includes(type) && !(type === 'IHDR' && chunks.length > 0))
      chunks.push(bytes.subarray(at, end));
    if (type === 'IDAT') packed.push(bytes.subarray(at + 8, end - 4));
    if (type === 'IEND') return { chunks, packed };
    at = end;
  }
  throw damaged(
    source,
    'ends in the middle of its PNG data',
    'it was cut off, copy it again or leave it out',
  );
}

/** The chunks behind the signature: a PNG of nothing but its picture. */
export function joinPng(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([SIGNATURE, ...chunks]);
}
