import { basename } from 'node:path';
import { openForReading, readRange } from '../readers/files.ts';
import { isGzip, peekGzip } from '../readers/gzip.ts';

/** What one file looks like; images and labels are both idx files. */
export type FileKind =
  'csv' | 'idx-images' | 'idx-labels' | 'cifar' | 'tar' | 'usps' | 'npy' | 'npz' | 'unknown';

/** As much as a line of USPS digits takes, and as gzip needs to unpack it. */
const HEAD_BYTES = 4_096;

async function readHead(path: string): Promise<Uint8Array> {
  const source = { reader: 'datasets', name: basename(path) };
  const file = await openForReading(path, source);
  try {
    const { size } = await file.stat();
    const head = await readRange(file, 0, Math.min(size, HEAD_BYTES), source);
    return isGzip(head) ? peekGzip(head, HEAD_BYTES, source) : head;
  } finally {
    await file.close();
  }
}

function startsWith(bytes: Uint8Array, ...prefix: readonly number[]): boolean {
  return prefix.every((byte, place) => bytes[place] === byte);
}

/** A label and 256 values, parted by blanks. */
function looksLikeUsps(head: Uint8Array): boolean {
  const [line = ''] = Buffer.from(head).toString('latin1').split('\n');
  const words = line.trim().split(/\s+/);
  return words.length === 257 && words.every((word) => Number.isFinite(Number(word)));
}

function kindByContent(head: Uint8Array): FileKind | null {
  if (startsWith(head, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) return 'npy';
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) return 'npz';
  if (startsWith(head, 0, 0, 8) && head[3]! >= 1 && head[3]! <= 4) {
    return head[3] === 1 ? 'idx-labels' : 'idx-images';
  }
  if (Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar') return 'tar';
  return looksLikeUsps(head) ? 'usps' : null;
}

/**
 * Finds out what a file is by its first bytes, then by its name.
 * @throws StudioError `not-found`, `data-damaged` where it cannot be read
 */
export async function findFileKind(path: string): Promise<FileKind> {
  const kind = kindByContent(await readHead(path));
  if (kind !== null) return kind;
  const name = basename(path).toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.bin')) return 'cifar';
  if (/\.(?:csv|tsv|txt|data)$/.test(name)) return 'csv';
  if (/\.(?:tar|tgz)$/.test(name)) return 'tar';
  return 'unknown';
}
