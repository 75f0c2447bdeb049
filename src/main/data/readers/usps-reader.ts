import { basename } from 'node:path';
import { readFileBounded } from './files.ts';
import { unpackBounded } from './gzip.ts';
import { damaged, overLimit, type ReaderSource } from './reader-error.ts';

/** Most that the reader takes into memory: bytes of the file, packed or unpacked, and its images. */
export interface UspsLimits {
  readonly maximumBytes: number;
  readonly maximumImages: number;
}

/** Several times the published 9,298 images (17 MB of text). */
export const defaultUspsLimits: UspsLimits = { maximumBytes: 2 ** 28, maximumImages: 100_000 };

/** Digits of USPS: `values` float32 [count, 16, 16, 1] in [-1, 1] as the file has them, labels 0 to 9. */
export interface UspsDigits {
  readonly shape: readonly [count: number, height: 16, width: 16, channels: 1];
  readonly values: Float32Array;
  readonly labels: Int32Array;
}

const PIXELS = 16 * 16;
const DIGITS = 10;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Characters of the longest line that can be right: 257 numbers of 31 characters. */
const LONGEST_LINE = 8_192;

const CHOOSE = 'it is damaged or another kind of file, choose zip.train or zip.test of USPS';

function sourceOf(name: string): ReaderSource {
  return { reader: 'usps reader', name };
}

/** What stood where a number was expected, short enough for a message. */
function quote(text: string): string {
  return JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}...` : text);
}

function parseLabel(text: string, line: number, source: ReaderSource): number {
  const label = DECIMAL.test(text) ? Number(text) : NaN;
  if (Number.isInteger(label) && label >= 0 && label < DIGITS) return label;
  throw damaged(
    source,
    `has the label ${quote(text)} in line ${line}, and a digit 0 to 9 is expected`,
    CHOOSE,
  );
}

function parsePixel(text: string, column: number, line: number, source: ReaderSource): number {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (value >= -1 && value <= 1) return value;
  throw damaged(
    source,
    `has ${quote(text)} as pixel ${column} of line ${line}, and a number from -1 to 1 is expected`,
    CHOOSE,
  );
}

/** The lines that say something, with their numbers from 1. */
function* nonBlankLines(text: string, source: ReaderSource): Generator<{ line: string; number: number }> {
  let number = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    number++;
    if (end - start > LONGEST_LINE) {
      throw damaged(
        source,
        `has ${end - start} characters in line ${number}, and 257 numbers are expected`,
        CHOOSE,
      );
    }
    const line = text.slice(start, end).trim();
    if (line !== '') yield { line, number };
    start = end + 1;
  }
}

function parseRow(line: string, number: number, source: ReaderSource) {
  const [label = '', ...pixels] = line.split(/\s+/);
  if (pixels.length !== PIXELS) {
    throw damaged(
      source,
      `has ${1 + pixels.length} values in line ${number}, and ${1 + PIXELS} are expected (a label and 16x16 pixels)`,
      'the download was cut off, fetch it again, or choose zip.train or zip.test of USPS',
    );
  }
  return {
    label: parseLabel(label, number, source),
    pixels: pixels.map((text, column) => parsePixel(text, column, number, source)),
  };
}

/**
 * Decodes USPS digits in the text form of "The Elements of Statistical Learning" (zip.train, zip.test), plain or gzip:
 * a line per digit, its label and 16x16 grey values from -1 (white paper) to 1 (ink), parted by blanks.
 * @param name what the messages call it
 * @throws StudioError `data-damaged` naming the line, `invalid-input` over a limit
 */
export function parseUsps(
  bytes: Uint8Array,
  name: string,
  limits: UspsLimits = defaultUspsLimits,
): UspsDigits {
  const source = sourceOf(name);
  const unpacked = unpackBounded(bytes, limits.maximumBytes, source);
  // One byte is one character: the format is ASCII, and anything else is no number.
  const text = Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.length).toString('latin1');
  const labels: number[] = [];
  const rows: Float32Array[] = [];
  for (const { line, number } of nonBlankLines(text, source)) {
    if (rows.length === limits.maximumImages) {
      throw overLimit(source, `has more than ${rows.length} images`, limits.maximumImages);
    }
    const row = parseRow(line, number, source);
    labels.push(row.label);
    rows.push(Float32Array.from(row.pixels));
  }
  if (rows.length === 0) throw damaged(source, 'has no line with a digit', CHOOSE);
  const values = new Float32Array(rows.length * PIXELS);
  rows.forEach((row, index) => values.set(row, index * PIXELS));
  return { shape: [rows.length, 16, 16, 1], values, labels: Int32Array.from(labels) };
}

/**
 * Reads a file of USPS digits, see {@link parseUsps}.
 * @throws StudioError as {@link parseUsps}; `not-found`
 */
export async function readUspsFile(
  path: string,
  limits: UspsLimits = defaultUspsLimits,
): Promise<UspsDigits> {
  const source = sourceOf(basename(path));
  return parseUsps(await readFileBounded(path, limits.maximumBytes, source), source.name, limits);
}
