import { basename } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { readFileBounded } from '../files.ts';
import { parseNpy, type NpyArray } from './npy-reader.ts';
import { damaged, overLimit, readerError, reasonOf, type ReaderSource } from '../reader-error.ts';

/** Most that the reader takes into memory: bytes of the file and of all its arrays, and how many arrays. */
export interface NpzLimits {
  readonly maximumBytes: number;
  readonly maximumArrays: number;
}

/** As many bytes as for one array alone. */
export const defaultNpzLimits: NpzLimits = { maximumBytes: 2 ** 31 - 1, maximumArrays: 1_000 };

const STORED = 0;
const DEFLATED = 8;
const FETCH_AGAIN = 'it was cut off or is damaged, fetch or save it again';

function npzSource(name: string): ReaderSource {
  return { reader: 'npz reader', name };
}

async function openZip(bytes: Uint8Array, source: ReaderSource): Promise<ZipFile> {
  try {
    return await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (cause) {
    throw damaged(source, `is no readable zip archive (${reasonOf(cause)})`, FETCH_AGAIN, cause);
  }
}

/** The archive's files, whose sizes together stay within the limits by what the directory says. */
async function listEntries(zip: ZipFile, source: ReaderSource, limits: NpzLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.maximumArrays) {
    throw overLimit(source, `has ${zip.entryCount} arrays`, limits.maximumArrays);
  }
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (cause) {
    throw damaged(source, `has a broken zip directory (${reasonOf(cause)})`, FETCH_AGAIN, cause);
  }
  const sizeBytes = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (sizeBytes > limits.maximumBytes) {
    throw overLimit(source, `unpacks to ${sizeBytes} bytes`, limits.maximumBytes);
  }
  return entries;
}

/** The entry's bytes as they lie in the archive; behind its local header, whose lengths are its own. */
async function packedBytes(zip: ZipFile, entry: Entry, bytes: Uint8Array, source: ReaderSource) {
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return bytes.subarray(fileDataStart, fileDataStart + entry.compressedSize);
  } catch (cause) {
    throw damaged(source, `has no whole ${entry.fileName} (${reasonOf(cause)})`, FETCH_AGAIN, cause);
  }
}

/** Inflates to at most what the directory says. */
function inflateEntry(packed: Uint8Array, entry: Entry, source: ReaderSource): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
  } catch (cause) {
    throw damaged(
      source,
      `has data of ${entry.fileName} that cannot be unpacked to ${entry.uncompressedSize} bytes (${reasonOf(cause)})`,
      FETCH_AGAIN,
      cause,
    );
  }
}

function checkMethod(entry: Entry, source: ReaderSource): void {
  const known = entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED;
  if (known && !entry.isEncrypted()) return;
  throw readerError(
    'unsupported',
    source,
    `has ${entry.fileName} ${entry.isEncrypted() ? 'encrypted' : `packed by method ${entry.compressionMethod}`}, and ` +
      'stored or deflated files are expected',
    'save it with numpy.savez or numpy.savez_compressed',
  );
}

async function unpackEntry(zip: ZipFile, entry: Entry, bytes: Uint8Array, source: ReaderSource) {
  checkMethod(entry, source);
  const packed = await packedBytes(zip, entry, bytes, source);
  const unpacked = entry.compressionMethod === STORED ? packed : inflateEntry(packed, entry, source);
  if (unpacked.length === entry.uncompressedSize && crc32(unpacked) === entry.crc32) return unpacked;
  throw damaged(source, `has data of ${entry.fileName} that does not fit its checksum`, FETCH_AGAIN);
}

/**
 * Decodes the arrays of a .npz file of NumPy (a zip archive, stored or deflated), by the names they were saved under.
 * Each file's checksum is checked.
 * @param name what the messages call it
 * @throws StudioError `data-damaged` for a broken archive or array, `unsupported` for other methods, element types and
 * files that are no array, `invalid-input` over a limit
 */
export async function parseNpz(
  bytes: Uint8Array,
  name: string,
  limits: NpzLimits = defaultNpzLimits,
): Promise<ReadonlyMap<string, NpyArray>> {
  const source = npzSource(name);
  if (bytes.length > limits.maximumBytes) {
    throw overLimit(source, `has ${bytes.length} bytes`, limits.maximumBytes);
  }
  const zip = await openZip(bytes, source);
  const arrays = new Map<string, NpyArray>();
  for (const entry of await listEntries(zip, source, limits)) {
    if (!entry.fileName.endsWith('.npy')) {
      throw readerError(
        'unsupported',
        source,
        `holds ${entry.fileName}, and arrays (.npy) are expected`,
        'choose a file that numpy.savez has written',
      );
    }
    const unpacked = await unpackEntry(zip, entry, bytes, source);
    arrays.set(
      entry.fileName.slice(0, -'.npy'.length),
      parseNpy(unpacked, `${name}/${entry.fileName}`, limits),
    );
  }
  if (arrays.size === 0) throw damaged(source, 'holds no array', 'save it again');
  return arrays;
}

/**
 * Reads a .npz file, see {@link parseNpz}.
 * @throws StudioError as {@link parseNpz}; `not-found`
 */
export async function readNpzFile(
  path: string,
  limits: NpzLimits = defaultNpzLimits,
): Promise<ReadonlyMap<string, NpyArray>> {
  const source = npzSource(basename(path));
  return parseNpz(await readFileBounded(path, limits.maximumBytes, source), source.name, limits);
}
