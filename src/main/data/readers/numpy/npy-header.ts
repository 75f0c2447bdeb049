import { damaged, readerError, type ReaderSource } from '../reader-error.ts';

/** Element types that are read, by NumPy's letter and size in bytes. */
export const npyTypes = ['b1', 'u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'f4', 'f8'] as const;
export type NpyType = (typeof npyTypes)[number];

/** What a .npy header says. `dataOffset` is where the elements begin. */
export interface NpyHeader {
  readonly dtype: NpyType;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

const MAGIC = '\x93NUMPY';
const LONGEST_HEADER = 65_535;
const MOST_DIMENSIONS = 32;

const CHOOSE = 'it is damaged or another kind of file, choose a file that numpy.save has written';
const SAVE_AGAIN =
  'save it as one of uint8, int8, int16, int32, int64, float32, float64 or bool, for example with array.astype("float32")';

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Text of the header's dictionary and where it ends; the length field has 2 bytes in version 1, 4 in 2 and 3. */
function readDictionary(bytes: Uint8Array, source: ReaderSource): { text: string; dataOffset: number } {
  if (latin1(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    const found = Buffer.from(bytes.subarray(0, MAGIC.length)).toString('hex');
    throw damaged(source, `begins with the bytes ${found || '(none)'}, and "\\x93NUMPY" is expected`, CHOOSE);
  }
  const version = bytes[MAGIC.length] ?? 0;
  if (version < 1 || version > 3) {
    throw damaged(source, `has format version ${version}, and 1 to 3 are expected`, CHOOSE);
  }
  const start = MAGIC.length + 2 + (version === 1 ? 2 : 4);
  if (bytes.length < start) throw damaged(source, 'ends inside its header', 'fetch or save it again');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length =
    version === 1 ? view.getUint16(MAGIC.length + 2, true) : view.getUint32(MAGIC.length + 2, true);
  if (length > LONGEST_HEADER) {
    throw damaged(
      source,
      `has a header of ${length} bytes, and at most ${LONGEST_HEADER} are expected`,
      CHOOSE,
    );
  }
  if (bytes.length < start + length)
    throw damaged(source, 'ends inside its header', 'fetch or save it again');
  return { text: latin1(bytes.subarray(start, start + length)).trim(), dataOffset: start + length };
}

/** The value of a key in the Python dictionary, by the pattern it must have. */
function readEntry(text: string, key: string, value: string, source: ReaderSource): string {
  const match = new RegExp(`['"]${key}['"]\\s*:\\s*(?:${value})\\s*[,}]`).exec(text);
  if (match?.[1] !== undefined) return match[1];
  throw damaged(
    source,
    `has no readable ${key} in its header (${JSON.stringify(text.slice(0, 80))})`,
    CHOOSE,
  );
}

function parseType(descr: string, source: ReaderSource): { dtype: NpyType; bigEndian: boolean } {
  const [, order = '', letters = ''] = /^([<>|=]?)(.*)$/.exec(descr) ?? [];
  const dtype = npyTypes.find((type) => type === letters);
  if (dtype === undefined) {
    throw readerError(
      'unsupported',
      source,
      `holds elements of type ${JSON.stringify(descr)}${letters.startsWith('O') ? ' (Python objects, which could run code)' : ''}`,
      SAVE_AGAIN,
      { dtype: descr },
    );
  }
  return { dtype, bigEndian: order === '>' };
}

function parseShape(text: string, source: ReaderSource): number[] {
  const shape = text
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .map((side) => (/^\d+L?$/.test(side) ? Number(side.replace('L', '')) : NaN));
  if (shape.every(Number.isSafeInteger) && shape.length <= MOST_DIMENSIONS) return shape;
  throw damaged(
    source,
    `has the shape (${text.slice(0, 80)}), and at most ${MOST_DIMENSIONS} whole numbers are expected`,
    CHOOSE,
  );
}

/**
 * Reads the header of a .npy file, format 1.0 to 3.0 (NumPy Enhancement Proposal 1, numpy.lib.format).
 * @throws StudioError `data-damaged` for what is no header, `unsupported` for element types that are not read
 */
export function parseNpyHeader(bytes: Uint8Array, source: ReaderSource): NpyHeader {
  const { text, dataOffset } = readDictionary(bytes, source);
  if (!text.startsWith('{') || !text.endsWith('}')) {
    throw damaged(source, 'has a header that is no dictionary', CHOOSE);
  }
  if (/['"]descr['"]\s*:\s*\[/.test(text)) {
    throw readerError('unsupported', source, 'holds records of several fields', SAVE_AGAIN);
  }
  return {
    ...parseType(readEntry(text, 'descr', `['"]([^'"]*)['"]`, source), source),
    fortranOrder: readEntry(text, 'fortran_order', '(True|False)', source) === 'True',
    shape: parseShape(readEntry(text, 'shape', '\\(([^()]*)\\)', source), source),
    dataOffset,
  };
}
