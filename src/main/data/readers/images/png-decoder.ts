import { inflateSync } from 'node:zlib';
import { decode, type DecodedPng } from 'fast-png';
import { damaged, reasonOf, type ReaderSource } from '../reader-error.ts';
import type { DecodedImage, ImageHeader } from './decoded-image.ts';
import { joinPng, readPngChunks, readPngHeader, type PngHeader } from './png-chunks.ts';

const PALETTE = 3;
const WAY_OUT = 'it is damaged, copy it again or leave it out';

/** Samples of a pixel in the file, alpha included. */
const samplesPerPixel: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [PALETTE, 1],
  [4, 2],
  [6, 4],
]);

/** Adam7: where each pass begins and how far apart its pixels are. */
const PASSES = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];

/** Bytes of `height` rows, each with its filter byte; a pass without pixels has no rows. */
function rowBytes(header: PngHeader, width: number, height: number): number {
  if (width <= 0 || height <= 0) return 0;
  const bits = header.depth * (samplesPerPixel.get(header.colourType) ?? 0);
  return height * (1 + Math.ceil((width * bits) / 8));
}

/** Bytes that the pixels must unpack to. */
function unpackedBytes(header: PngHeader): number {
  if (!header.interlaced) return rowBytes(header, header.width, header.height);
  return PASSES.reduce((sum, { x, y, stepX, stepY }) => {
    const width = Math.ceil((header.width - x) / stepX);
    return sum + rowBytes(header, width, Math.ceil((header.height - y) / stepY));
  }, 0);
}

/** The decoder unpacks without a bound, so the size is found out first, with one. */
function checkUnpackedSize(packed: readonly Uint8Array[], header: PngHeader, source: ReaderSource): void {
  const expected = unpackedBytes(header);
  let actual: number;
  try {
    actual = inflateSync(Buffer.concat(packed), { maxOutputLength: expected }).length;
  } catch (cause) {
    throw damaged(
      source,
      `has PNG data that does not unpack to ${expected} bytes (${reasonOf(cause)})`,
      WAY_OUT,
      cause,
    );
  }
  if (actual === expected) return;
  throw damaged(source, `unpacks to ${actual} bytes, and its PNG header says ${expected}`, WAY_OUT);
}

/** Sample `index` of a row as stored, of 1, 2 or 4 bits. */
function packedSample(row: Uint8Array, index: number, depth: number): number {
  const bit = index * depth;
  return (row[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

/** Samples of fewer than 8 bits, one in each byte. */
function unpackSamples(png: DecodedPng): Uint8Array {
  const data = png.data as Uint8Array;
  const stride = Math.ceil((png.width * png.depth) / 8);
  const samples = new Uint8Array(png.width * png.height);
  for (let y = 0; y < png.height; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride);
    for (let x = 0; x < png.width; x++) samples[y * png.width + x] = packedSample(row, x, png.depth);
  }
  return samples;
}

/** Samples as bytes: 16 bits lose their lower half, fewer than 8 stay as they are. */
function sampleBytes(png: DecodedPng): Uint8Array {
  if (png.depth === 16) return Uint8Array.from(png.data, (sample) => sample >> 8);
  return png.depth === 8 ? (png.data as Uint8Array) : unpackSamples(png);
}

function applyPalette(indices: Uint8Array, palette: DecodedPng['palette'], source: ReaderSource): Uint8Array {
  const values = new Uint8Array(indices.length * 3);
  indices.forEach((index, pixel) => {
    const colour = palette?.[index];
    if (colour === undefined) {
      throw damaged(source, `has colour ${index} of a palette of ${palette?.length ?? 0}`, WAY_OUT);
    }
    values.set(colour.slice(0, 3), 3 * pixel);
  });
  return values;
}

/** Leaves alpha out. */
function withoutAlpha(samples: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return samples;
  const pixels = samples.length / from;
  const values = new Uint8Array(pixels * to);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < to; channel++)
      values[pixel * to + channel] = samples[pixel * from + channel]!;
  }
  return values;
}

function toValues(png: DecodedPng, header: PngHeader, source: ReaderSource): Uint8Array {
  const samples = sampleBytes(png);
  if (header.colourType === PALETTE) return applyPalette(samples, png.palette, source);
  if (header.depth < 8) {
    const white = (1 << header.depth) - 1;
    return samples.map((sample) => (sample * 255) / white);
  }
  return withoutAlpha(samples, png.channels, png.channels < 3 ? 1 : 3);
}

function channelsOf({ colourType }: PngHeader): 1 | 3 {
  return colourType === 0 || colourType === 4 ? 1 : 3;
}

/**
 * What a PNG says of its picture.
 * @param bytes the beginning of the file, 33 bytes at least
 * @throws StudioError `data-damaged`, `unsupported`
 */
export function inspectPng(bytes: Uint8Array, source: ReaderSource): ImageHeader {
  const header = readPngHeader(bytes, source);
  return { width: header.width, height: header.height, channels: channelsOf(header) };
}

/**
 * Decodes a PNG to 8 bits a sample. Alpha is left out, palettes become colours, gamma and profiles are not applied.
 * Takes memory for the picture of its header, a few times over, and no more; the caller has checked that size.
 * @throws StudioError `data-damaged`, `unsupported`
 */
export function decodePng(bytes: Uint8Array, source: ReaderSource): DecodedImage {
  const header = readPngHeader(bytes, source);
  const { chunks, packed } = readPngChunks(bytes, source);
  checkUnpackedSize(packed, header, source);
  let png: DecodedPng;
  try {
    png = decode(joinPng(chunks));
  } catch (cause) {
    throw damaged(source, `has PNG data that cannot be decoded (${reasonOf(cause)})`, WAY_OUT, cause);
  }
  const { width, height } = header;
  return { width, height, channels: channelsOf(header), values: toValues(png, header, source) };
}
